import type { Volatile } from '../text/volatile.ts'
import type { RunState } from './run-state.ts'

/** The version of the event format; readers refuse a newer one in plain words. */
export const eventVersion = 1

/** What every event carries once it is on record. */
export interface RunEnvelope {
  readonly v: typeof eventVersion
  readonly runId: string
  /** 1, 2, 3 ... without gaps. */
  readonly seq: number
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

/** The fields of what one tenant of a group does. */
export interface OfTenant<Known extends string = string> {
  readonly group: string
  readonly tenant: string
  readonly volatile: Volatile<Known>
}

/** Who speaks in a line of a log: the engine about itself, a server, a migration, a gate, or a person. */
export const logSources = ['engine', 'server', 'migration', 'gate', 'person'] as const

export type LogSource = (typeof logSources)[number]

export const logLevels = ['info', 'warning', 'error'] as const

export type LogLevel = (typeof logLevels)[number]

/**
 * What an event is about, among what happens at the same time.
 * Null: about the run as a whole, a barrier that nothing is moved across where two runs are compared.
 */
export type Subject =
  | { readonly of: 'cluster' | 'server' | 'gate' | 'tenant' | 'smoke test'; readonly name: string }
  | { readonly of: 'tenant on a server'; readonly name: string; readonly server: string }
  | null

/** Whether people who read along see it: always, only while tenants are few, or only when they ask for everything. */
export type Visibility = 'always' | 'few_tenants' | 'verbose'

/**
 * What only timing decides, and two identical runs may therefore differ in.
 *
 * - `transient`: whether and when it happens at all.
 * - `attempt`: it belongs to one attempt of a tenant, and is void when that attempt lost a lock race.
 * - `progress`: how far a tenant came before its group was voted down by another.
 */
export type Timing = 'transient' | 'attempt' | 'progress'

type Of<Fields, Value> = Value | ((fact: Readonly<Fields>) => Value)

/**
 * All that there is to say about one type of event: readers know nothing else of it.
 *
 * Its fields are the type parameter: JSON only, no secrets. What differs between two identical runs is in `volatile`;
 * in a `failure`, an `answer` or an `observation` it is found without being named.
 */
export interface EventSpec<Fields> {
  readonly source: LogSource
  readonly level: Of<Fields, LogLevel>
  /** With level `error` it is itself the failure of a gate, a tenant or a check, and not what follows from one. */
  readonly isCause?: Of<Fields, boolean>
  readonly visibility: Of<Fields, Visibility>
  readonly timing?: Timing
  readonly subject: (fact: Readonly<Fields>) => Subject
  /** What happened, in one line of plain text. */
  readonly words: (fact: Readonly<Fields>) => string
  /** What is known of the run afterwards. */
  readonly fold: (state: RunState, event: RunEnvelope & Readonly<Fields>) => RunState
}

/**
 * Defines a type of event by its fields and its spec, under its name in a family of events.
 *
 * @example
 * export const clusterEvents = {
 *   'lock.acquired': defineEvent<{ cluster: string; volatile: Volatile }>({
 *     source: 'engine',
 *     level: 'info',
 *     visibility: 'always',
 *     subject: ({ cluster }) => ({ of: 'cluster', name: cluster }),
 *     words: ({ cluster }) => `lock of cluster ${cluster} acquired`,
 *     fold: (state, { cluster }) => ({ ...state, lockedClusters: [...state.lockedClusters, cluster] }),
 *   }),
 * }
 */
export function defineEvent<Fields extends object>(spec: EventSpec<Fields>): EventSpec<Fields> {
  return spec
}

/** About the run as a whole. */
export function aboutRun(): Subject {
  return null
}

/** About one tenant. */
export function aboutTenant({ tenant }: { readonly tenant: string }): Subject {
  return { of: 'tenant', name: tenant }
}

/** About one server. */
export function aboutServer({ server }: { readonly server: string }): Subject {
  return { of: 'server', name: server }
}

/** About one gate. */
export function aboutGate({ gate }: { readonly gate: string }): Subject {
  return { of: 'gate', name: gate }
}
