import type { Reach } from '../../sql/reach.ts'
import { findReachingFunction } from '../../sql/reaching-functions.ts'
import { makesSql, scanBody } from '../../sql/scan-body.ts'
import type { Routine } from '../ports/reach-facts.ts'

/** What code does unseen, with all that it runs. */
export interface CodeTraits {
  /** What it does beyond the database; null where nothing of it shows. */
  readonly reach: Reach | null
  /** Why a transaction that runs it could not be prepared; null where nothing of it shows. */
  readonly obstacle: string | null
}

/** Code that does nothing to be told. */
export const noTraits: CodeTraits = { reach: null, obstacle: null }

/** What the text of one routine gives away. */
export function traitsOfBody({ body, language, isTrusted }: Routine): CodeTraits {
  const { reach, obstacle } = scanBody(body)
  if (reach) return { reach, obstacle }
  if (language === 'internal') return { reach: reachOfServerFunction(body), obstacle }
  if (!isTrusted && language !== 'sql') {
    return {
      reach: { scope: 'unknown', what: `is written in ${language}, which may reach anything` },
      obstacle,
    }
  }
  if (language !== 'sql' && (makesSql(body) || asksFromAfar(language, body))) {
    return { reach: { scope: 'unknown', what: 'makes SQL while it runs' }, obstacle }
  }
  return { reach: null, obstacle }
}

/** A function of the server under another name: its body is the name, alone or in the statement that makes it. */
function reachOfServerFunction(body: string): Reach | null {
  for (const [name] of body.toLowerCase().matchAll(/\w+/g)) {
    const found = findReachingFunction(name)
    if (found) return { scope: found.scope, what: `is ${name}(), which ${found.what}` }
  }
  return null
}

/** Whether another language hands SQL to the server that is no string in full. */
function asksFromAfar(language: string, body: string): boolean {
  if (language === 'plpgsql') return false
  const calls = body.matchAll(
    /\b(?:spi_\w*(?:exec|prepare|query)\w*|plv8\.(?:execute|prepare))\s*\(?\s*(\S?)/g,
  )
  return [...calls].some(([, first = '']) => !/["'`{]/.test(first))
}

const order: readonly Reach['scope'][] = ['outside', 'server', 'unknown']

/** The farthest of several reaches; null where there is none. */
export function farthestOf(reaches: readonly Reach[]): Reach | null {
  return reaches.toSorted((a, b) => order.indexOf(a.scope) - order.indexOf(b.scope))[0] ?? null
}

/** What several pieces of code do together. */
export function joinTraits(traits: readonly CodeTraits[]): CodeTraits {
  return {
    reach: farthestOf(traits.flatMap(({ reach }) => reach ?? [])),
    obstacle: traits.find(({ obstacle }) => obstacle !== null)?.obstacle ?? null,
  }
}

/** Says in words who does it, such as `fires the trigger audit, which`. */
export function creditTraits({ reach, obstacle }: CodeTraits, who: string): CodeTraits {
  return {
    reach: reach && { ...reach, what: `${who} ${reach.what}` },
    obstacle: obstacle && `${who} ${obstacle}`,
  }
}

/** Only what is known to reach beyond the database: for names that may stand for something else. */
export function certainOf({ reach }: CodeTraits): CodeTraits {
  return { reach: reach?.scope === 'unknown' ? null : reach, obstacle: null }
}

/** Only what keeps a transaction from being prepared. */
export function obstacleOnly({ obstacle }: CodeTraits): CodeTraits {
  return { reach: null, obstacle }
}

/** Only what reaches, where a word does not tell whether the code runs at all. */
export function reachOnly({ reach }: CodeTraits): CodeTraits {
  return { reach, obstacle: null }
}
