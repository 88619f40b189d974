import type { Reach } from '../../../shared/sql/reach.ts'
import { makesSql, scanBody } from '../../../shared/sql/scan-body.ts'
import type { DatabaseCode, Routine } from '../ports/reach-facts.ts'

/** What a routine does unseen, with all that it calls. */
export interface CodeTraits {
  /** What it does beyond the database; null where nothing of it shows. */
  readonly reach: Reach | null
  /** Why a transaction that runs it could not be prepared; null where nothing of it shows. */
  readonly obstacle: string | null
}

const nothing: CodeTraits = { reach: null, obstacle: null }

/** The code that statements may run: of the database, and what the route itself defines on its way. */
export class KnownCode {
  readonly #routines = new Map<string, Routine[]>()
  readonly #triggers = new Map<string, { readonly name: string; readonly routine: string }[]>()
  readonly #eventTriggers: { readonly name: string; readonly routine: string }[]
  readonly foreignTables: Set<string>

  constructor(code: DatabaseCode) {
    for (const routine of code.routines) this.addRoutine(routine)
    for (const { table, ...trigger } of code.triggers) this.addTrigger(table, trigger)
    this.#eventTriggers = [...code.eventTriggers]
    this.foreignTables = new Set(code.foreignTables)
  }

  addRoutine(routine: Routine): void {
    this.#routines.set(routine.name, [...(this.#routines.get(routine.name) ?? []), routine])
  }

  addTrigger(table: string, trigger: { readonly name: string; readonly routine: string }): void {
    this.#triggers.set(table, [...(this.#triggers.get(table) ?? []), trigger])
  }

  addEventTrigger(trigger: { readonly name: string; readonly routine: string }): void {
    this.#eventTriggers.push(trigger)
  }

  /** What calling a routine by this name may do; any of those that share it. */
  ofCall(name: string): CodeTraits {
    return this.#traitsOf(name, new Set())
  }

  /** What the triggers of a table may do when rows are written; their names come with it. */
  ofTable(table: string): CodeTraits {
    return joinTraits(
      (this.#triggers.get(table) ?? []).map(({ name, routine }) =>
        credit(this.ofCall(routine), `fires the trigger ${name} of ${table}, which runs ${routine}(), which`),
      ),
    )
  }

  /** What event triggers may do when the schema is changed. */
  ofSchemaChange(): CodeTraits {
    return joinTraits(
      this.#eventTriggers.map(({ name, routine }) =>
        credit(this.ofCall(routine), `fires the event trigger ${name}, which runs ${routine}(), which`),
      ),
    )
  }

  #traitsOf(name: string, seen: Set<string>): CodeTraits {
    if (seen.has(name)) return nothing
    seen.add(name)
    return joinTraits(
      (this.#routines.get(name) ?? []).flatMap(routine => [
        traitsOfBody(routine),
        ...findCalledWords(routine.body).map(called => this.#traitsOf(called, seen)),
      ]),
    )
  }
}

/** What the text of one routine gives away. */
export function traitsOfBody({ body, language, isTrusted }: Routine): CodeTraits {
  const { reach, obstacle } = scanBody(body)
  if (reach) return { reach, obstacle }
  if (!isTrusted && language !== 'sql' && language !== 'internal') {
    return {
      reach: { scope: 'unknown', what: `is written in ${language}, which may reach anything` },
      obstacle,
    }
  }
  if (language !== 'sql' && makesSql(body)) {
    return { reach: { scope: 'unknown', what: 'makes SQL while it runs' }, obstacle }
  }
  return { reach: null, obstacle }
}

const order: readonly Reach['scope'][] = ['outside', 'server', 'unknown']

/** The farthest of several reaches; null where there is none. */
export function farthestOf(reaches: readonly Reach[]): Reach | null {
  return reaches.toSorted((a, b) => order.indexOf(a.scope) - order.indexOf(b.scope))[0] ?? null
}

function joinTraits(traits: readonly CodeTraits[]): CodeTraits {
  return {
    reach: farthestOf(traits.flatMap(({ reach }) => reach ?? [])),
    obstacle: traits.find(({ obstacle }) => obstacle !== null)?.obstacle ?? null,
  }
}

function credit({ reach, obstacle }: CodeTraits, who: string): CodeTraits {
  return {
    reach: reach && { ...reach, what: `${who} ${reach.what}` },
    obstacle: obstacle && `${who} ${obstacle}`,
  }
}

function findCalledWords(body: string): readonly string[] {
  return [
    ...new Set([...body.toLowerCase().matchAll(/\b([a-z_][a-z0-9_]*)"?\s*\(/g)].map(([, name = '']) => name)),
  ]
}
