import type { Reach } from './reach.ts'
import { findReachingFunction } from './reaching-functions.ts'
import { readBodyWords, unfoldText } from './read-body-words.ts'

/** What the text of a function gives away, without its being parsed: whatever its language is. */
export interface BodyTraits {
  /** What it does beyond the database; null where its words tell of nothing. */
  readonly reach: Reach | null
  /** Why a transaction that runs it cannot be prepared; null where its words tell of nothing. */
  readonly obstacle: string | null
}

const reaches: readonly { readonly words: RegExp; readonly reach: Reach }[] = [
  reach('server', 'changes roles', /\b(create|alter|drop)\s+(role|user(?!\s+mapping)|group)\b/),
  // A grant that names no object makes a role a member of another.
  reach('server', 'changes who belongs to a role', /\b(grant|revoke)\b(?:(?!\bon\b)[^;'])*\b(to|from)\s/),
  reach('server', 'changes settings of the server', /\balter\s+system\b/),
  reach(
    'server',
    'changes databases of the server',
    /\b(create|alter|drop)\s+database\b|\b(on|label\s+on)\s+database\b/,
  ),
  reach(
    'server',
    'changes tablespaces of the server',
    /\b(create|alter|drop)\s+tablespace\b|\bon\s+tablespace\b/,
  ),
  reach('server', 'speaks of roles of the server', /\b(comment|label)\s+on\s+role\b/),
  reach('server', 'reaches what a role owns or may do', /\b(reassign|drop)\s+owned\b/),
  reach('server', 'changes rights to settings', /\bon\s+parameter\b/),
  reach('outside', 'changes subscriptions', /\b(create|alter|drop)\s+subscription\b/),
  reach('outside', 'runs a program on the server', /\bcopy\b[^;]*\bprogram\b/),
  reach('outside', 'writes a file of the server', /\bcopy\b[^;]*\bto\s+e?'/),
  reach('outside', 'connects to a foreign server', /\bimport\s+foreign\s+schema\b/),
]

const obstacles: readonly { readonly words: RegExp; readonly what: string }[] = [
  { words: /\bnotify\b|\bpg_notify\b/, what: 'notifies' },
  { words: /\blisten\b/, what: 'listens' },
  { words: /\btemp(orary)?\b|\bpg_temp\b/, what: 'uses temporary objects' },
  { words: /\bwith\s+hold\b/, what: 'opens a cursor WITH HOLD' },
  { words: /\bpg_export_snapshot\b/, what: 'exports its snapshot' },
]

/** Looks for words that tell what a body does; comments count as well, since seeing too much does no harm. */
export function scanBody(text: string): BodyTraits {
  const unfolded = unfoldText(text)
  const obstacle = obstacles.find(({ words }) => words.test(unfolded))?.what ?? null
  return { reach: findReachOfWords(unfolded), obstacle }
}

/** Says whether SQL is put together while a body runs, so that its words do not stand there. */
export function makesSql(text: string): boolean {
  const lower = text.toLowerCase()
  // Names may be written with escapes, which no search for words finds.
  return /\bu&["']/.test(lower) || executes(lower).some(rest => !startsReadably(rest))
}

/** Says whether what an expression makes begins with words that are written out. */
export function startsReadably(expression: string): boolean {
  const lower = expression.trim().toLowerCase()
  if (/\be'(?:[^']|'')*\\[xu0-7]/.test(lower) || callsWhatIsFilledIn.test(lower)) return false
  return /^\(*\s*(?:(?:pg_catalog\.)?(?:format|concat)\s*\(\s*)?e?(?:'\s*|\$\w*\$\s*)(?:[a-z]+\s+[a-z]+|[a-z]+\s+%)/.test(
    lower,
  )
}

/** The name of a function that is put in while the statement is made: `'select ' || name || '()'`, `format('call %I()', name)`. */
const callsWhatIsFilledIn =
  /\b(?:select|call|perform)\s+(?:[\w"]+\.)*[\w"]*(?:'\s*\|\||%[\d$-]*[is][\w"]*\s*\()/

function findReachOfWords(unfolded: string): Reach | null {
  const found = reaches.find(({ words }) => words.test(unfolded))
  if (found) return found.reach
  for (const name of readBodyWords(unfolded).called) {
    const called = findReachingFunction(name)
    if (called) return { scope: called.scope, what: `calls ${name}(), which ${called.what}` }
  }
  return null
}

/** What stands behind each `execute` of a body that is not part of a grant or the definition of a trigger. */
function executes(lower: string): readonly string[] {
  return [
    ...lower.matchAll(
      /\b(?:execute\b(?!\s*(?:on|procedure|function)\b)|(?:query_to_xml\w*|crosstab\w*|ts_stat)\s*\()\s*([^;]*)/g,
    ),
  ].map(([, rest = '']) => rest)
}

function reach(scope: Reach['scope'], what: string, words: RegExp): (typeof reaches)[number] {
  return { words, reach: { scope, what } }
}
