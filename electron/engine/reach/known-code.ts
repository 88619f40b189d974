import { splitName } from '../../../shared/sql/quote-name.ts'
import { leavesServer } from '../../sql/reaching-functions.ts'
import { type BodyWords, readBodyWords } from '../../sql/read-body-words.ts'
import { makesSql } from '../../sql/scan-body.ts'
import type { DatabaseCode, ImplicitCode, Routine } from '../ports/reach-facts.ts'
import {
  type CodeTraits,
  certainOf,
  creditTraits,
  joinTraits,
  noTraits,
  obstacleOnly,
  reachOnly,
  traitsOfBody,
} from './code-traits.ts'

/** How a statement uses a relation: a `change` is one of the schema, which may build the relation again. */
export type Use = 'read' | 'write' | 'change'

/** A relation as a statement names it: qualified and quoted like the tables of a plan. */
export interface RelationUse {
  readonly table: string
  /** Whether its schema is written: without one the search path decides. */
  readonly isQualified: boolean
  readonly use: Use
}

type Trigger = { readonly name: string; readonly routine: string }

/** What hangs on a relation. */
interface KnownRelation {
  readonly table: string
  readonly triggers: Trigger[]
  readonly implicit: ImplicitCode[]
  /** Relations that are written with it: children, what a foreign key cascades to, what lies under a view. */
  readonly follows: Set<string>
  /** What it was called before. */
  readonly formerly: Set<string>
}

/** The kinds of implicit code that each use runs. */
const runs: Readonly<Record<Use, ReadonlySet<ImplicitCode['when']>>> = {
  read: new Set(['read']),
  change: new Set(['read', 'build']),
  write: new Set(['read', 'build', 'write']),
}

/** The code that statements may run: of the database, and what the route itself defines on its way. */
export class KnownCode {
  readonly #routines = new Map<string, Routine[]>()
  /** By their own names, then by the whole ones. */
  readonly #relations = new Map<string, Map<string, KnownRelation>>()
  readonly #anywhere: ImplicitCode[] = []
  readonly #eventTriggers: Trigger[]
  /** Texts are read once, however many statements may run them. */
  readonly #words = new Map<string, BodyWords>()
  readonly #traits = new Map<string, CodeTraits>()
  readonly foreignTables: Set<string>
  /** Installed extensions by which any SQL can leave the server. */
  readonly waysOut: Set<string>

  constructor(code: DatabaseCode) {
    for (const routine of code.routines) this.addRoutine(routine)
    for (const { table, ...trigger } of code.triggers) this.addTrigger(table, trigger)
    for (const implicit of code.implicit) this.addImplicit(implicit)
    for (const { table, follows } of code.followers) this.addFollower(follows, table)
    this.#eventTriggers = [...code.eventTriggers]
    this.foreignTables = new Set(code.foreignTables)
    this.waysOut = new Set()
    for (const extension of code.extensions) this.addExtension(extension)
  }

  addRoutine(routine: Routine): void {
    const name = routine.name.toLowerCase()
    this.#routines.set(name, [...(this.#routines.get(name) ?? []), routine])
  }

  addTrigger(table: string, trigger: Trigger): void {
    this.#relation(table).triggers.push(trigger)
  }

  addEventTrigger(trigger: Trigger): void {
    this.#eventTriggers.push(trigger)
  }

  addImplicit(implicit: ImplicitCode): void {
    if (implicit.table === null) this.#anywhere.push(implicit)
    else this.#relation(implicit.table).implicit.push(implicit)
  }

  addExtension(name: string): void {
    if (leavesServer(name)) this.waysOut.add(name)
  }

  /** Who writes the one writes the other. */
  addFollower(table: string, follower: string): void {
    this.#relation(table).follows.add(follower)
  }

  addName(table: string, formerly: string): void {
    this.#relation(table).formerly.add(formerly)
  }

  /** What calling a routine by this name may do; any of those that share it. */
  ofCall(name: string): CodeTraits {
    return this.#ofRoutine(name, new Set())
  }

  /** What a text does that runs as code; whether what it names runs is taken for granted. */
  ofText(text: string): CodeTraits {
    return joinTraits([this.#traitsOf(plainSql(text)), this.#ofWords(text, new Set())])
  }

  /** What using a relation runs without naming it: triggers, defaults, constraints, policies, views and the like. */
  ofUse({ table, isQualified, use }: RelationUse): CodeTraits {
    return joinTraits(
      this.#find(table, isQualified).map(found => {
        const traits = this.#ofRelation(found, use, new Set())
        return found.table === table ? traits : reachOnly(traits)
      }),
    )
  }

  /** What any statement may run that does more than define: domains, operators, casts and types have no table. */
  ofAnyUse(): CodeTraits {
    return joinTraits(this.#anywhere.map(implicit => certainOf(this.#ofImplicit(implicit, new Set()))))
  }

  /** What runs when the database is copied from its definition, with some of its rows or without; only what is known to reach. */
  ofCopying(withRows: boolean): CodeTraits {
    const kinds: readonly ImplicitCode['when'][] = withRows ? ['copy', 'build'] : ['copy']
    const run = [...this.#all().flatMap(({ implicit }) => implicit), ...this.#anywhere].filter(({ when }) =>
      kinds.includes(when),
    )
    const traits = run.flatMap(implicit => [
      this.#ofImplicit(implicit, new Set()),
      this.#ofForeign(implicit, new Set()),
    ])
    return certainOf(joinTraits(run.length > 0 ? [...traits, this.ofSchemaChange()] : traits))
  }

  /** What may run where nothing is known of the statements; only what is known to reach, and what could not be prepared. */
  ofAnything(use: Use): CodeTraits {
    const traits = joinTraits(this.#all().map(relation => this.#ofRelation(relation, use, new Set())))
    return { ...certainOf(traits), obstacle: traits.obstacle }
  }

  /** What event triggers may do when the schema is changed. */
  ofSchemaChange(): CodeTraits {
    return joinTraits(
      this.#eventTriggers.map(({ name, routine }) =>
        creditTraits(this.ofCall(routine), `fires the event trigger ${name}, which runs ${routine}(), which`),
      ),
    )
  }

  #ofRoutine(written: string, seen: Set<string>): CodeTraits {
    const name = written.toLowerCase()
    const routines = this.#routines.get(name)
    if (!routines || seen.has(`${name}()`)) return noTraits
    seen.add(`${name}()`)
    return joinTraits(
      routines.flatMap(routine => [this.#traitsOf(routine), this.#ofWords(routine.body, seen)]),
    )
  }

  /** The routines and relations that stand in a text. */
  #ofWords(text: string, seen: Set<string>): CodeTraits {
    const { called, named, picked, written, writes } = this.#readWords(text)
    const use: Use = writes ? 'write' : 'read'
    const relationsOf = (names: ReadonlySet<string>): readonly KnownRelation[] =>
      [...names].flatMap(name => [...(this.#relations.get(name)?.values() ?? [])])
    const relations = relationsOf(named)
    // What is written to may not stand there as a word when SQL is put together.
    const targets = writes && makesSql(text) ? this.#all() : relationsOf(written)
    return joinTraits([
      ...targets.map(relation => obstacleOnly(this.#ofRelation(relation, 'write', new Set(seen)))),
      ...[...called].map(name => this.#ofRoutine(name, seen)),
      ...[...picked].map(name => certainOf(this.#ofRoutine(name, seen))),
      ...relations.map(relation => reachOnly(this.#ofRelation(relation, use, seen))),
    ])
  }

  #ofRelation(relation: KnownRelation, use: Use, seen: Set<string>): CodeTraits {
    const key = `${use} ${relation.table}`
    if (seen.has(key)) return noTraits
    seen.add(key)
    // Rows that are written to one are written to the others; a change of one only builds the others again.
    const others = [...relation.formerly, ...(use === 'read' ? [] : relation.follows)]
    const passOn = use === 'write' ? (traits: CodeTraits) => traits : reachOnly
    const fired = use === 'write' ? relation.triggers : []
    return joinTraits([
      ...fired.map(({ name, routine }) =>
        creditTraits(
          this.#ofRoutine(routine, seen),
          `fires the trigger ${name} of ${relation.table}, which runs ${routine}(), which`,
        ),
      ),
      ...relation.implicit
        .filter(({ when }) => runs[use].has(when))
        .map(implicit => this.#ofImplicit(implicit, seen)),
      ...others
        .flatMap(table => this.#find(table, true))
        .map(other => passOn(this.#ofRelation(other, use, seen))),
    ])
  }

  #ofImplicit({ by, body }: ImplicitCode, seen: Set<string>): CodeTraits {
    const own = reachOnly(this.#traitsOf(plainSql(body)))
    return creditTraits(joinTraits([own, this.#ofWords(body, seen)]), `runs ${by}, which`)
  }

  /** What a query reads of other servers, also through views: outside a transaction that is rolled back. */
  #ofForeign({ by, body }: ImplicitCode, seen: Set<string>): CodeTraits {
    const { named } = this.#readWords(body)
    const foreign = [...this.foreignTables].find(table => named.has(ownName(table)))
    if (foreign !== undefined) {
      const what = `runs ${by}, which uses the foreign table ${foreign}`
      return { reach: { scope: 'outside', what }, obstacle: null }
    }
    const views = [...named].flatMap(name => [...(this.#relations.get(name)?.values() ?? [])])
    return joinTraits(
      views
        .filter(({ table }) => !seen.has(table) && seen.add(table))
        .flatMap(view => view.implicit.filter(({ when }) => when === 'read'))
        .map(implicit => this.#ofForeign(implicit, seen)),
    )
  }

  #all(): readonly KnownRelation[] {
    return [...this.#relations.values()].flatMap(named => [...named.values()])
  }

  #readWords(text: string): BodyWords {
    const words = this.#words.get(text) ?? readBodyWords(text)
    this.#words.set(text, words)
    return words
  }

  #traitsOf(routine: Routine): CodeTraits {
    const key = `${routine.language} ${routine.isTrusted} ${routine.body}`
    const traits = this.#traits.get(key) ?? traitsOfBody(routine)
    this.#traits.set(key, traits)
    return traits
  }

  /** Without a schema it may be any of that name; the one that a plan means comes first. */
  #find(table: string, isQualified: boolean): readonly KnownRelation[] {
    const named = this.#relations.get(ownName(table))
    const exact = named?.get(table)
    if (isQualified) return exact ? [exact] : []
    const others = [...(named?.values() ?? [])].filter(other => other !== exact)
    return exact ? [exact, ...others] : others
  }

  #relation(table: string): KnownRelation {
    const name = ownName(table)
    const named = this.#relations.get(name) ?? new Map<string, KnownRelation>()
    const known = named.get(table) ?? {
      table,
      triggers: [],
      implicit: [],
      follows: new Set(),
      formerly: new Set(),
    }
    this.#relations.set(name, named.set(table, known))
    return known
  }
}

function ownName(table: string): string {
  return (splitName(table).at(-1) ?? '').toLowerCase()
}

function plainSql(body: string): Routine {
  return { name: '', language: 'sql', isTrusted: true, body }
}
