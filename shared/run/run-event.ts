import type { EventSpec, RunEnvelope } from './event-spec.ts'
import { gateEvents } from './gate-events.ts'
import { groupEvents } from './group-events.ts'
import { phaseEvents } from './phase-events.ts'
import { planEvents } from './plan-events.ts'
import { rollbackEvents } from './rollback-events.ts'
import { runEvents } from './run-events.ts'
import { serverEvents } from './server-events.ts'
import { snapshotEvents } from './snapshot-events.ts'
import { tenantEvents } from './tenant-events.ts'
import { voteEvents } from './vote-events.ts'

const families = {
  ...runEvents,
  ...phaseEvents,
  ...serverEvents,
  ...planEvents,
  ...gateEvents,
  ...snapshotEvents,
  ...groupEvents,
  ...tenantEvents,
  ...voteEvents,
  ...rollbackEvents,
}

/** The name of every type of event, each defined in its family. */
export type RunEventType = keyof typeof families

type Flat<T> = { readonly [Key in keyof T]: T[Key] }

/** The fact of each type: its fields are those of its spec. */
type FactOf<Type extends RunEventType> = Flat<
  { type: Type } & Parameters<(typeof families)[Type]['words']>[0]
>

/**
 * Everything that can happen in a run: one closed union, JSON only, no secrets.
 *
 * What is not `volatile`, `at`, `runId`, `seq` or momentary is equal in two identical runs.
 *
 * @example
 * { type: 'tenant.voted', group: 'rest', tenant: 'birch', vote: 'yes', failure: null,
 *   fingerprint: '9f2c...', volatile: { gid: 'lockstep:01K...:rest:birch', xid: '7124', durationMs: 31 } }
 */
export type RunFact = { [Type in RunEventType]: FactOf<Type> }[RunEventType]

/** A fact of a run as it is stored, published and replayed. */
export type RunEvent = RunEnvelope & RunFact

/** An event of one type, with its envelope. */
export type EventOf<Type extends RunEventType> = Extract<RunEvent, { readonly type: Type }>

const specs: { readonly [Type in RunEventType]: EventSpec<FactOf<Type>> } = families

/** All that there is to say about an event: how it reads, what it changes, and where it stands among others. */
export function specOf<Type extends RunEventType>({
  type,
}: {
  readonly type: Type
}): EventSpec<FactOf<Type>> {
  return specs[type]
}

/** Says whether this version knows an event type. */
export function isRunEventType(type: string): type is RunEventType {
  return Object.hasOwn(specs, type)
}
