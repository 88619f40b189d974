import { describeReading } from '../../../shared/failure/describe-run-failure.ts'
import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { emptied, listOpenVotes, type UnsettledVote } from '../open-runs/list-open-votes.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { IntactLog } from '../ports/run-log.ts'
import { readRecord } from './read-record.ts'

type Damaged = Extract<Failure, { kind: 'record_damaged' }>

/** Reads what of a log is sound; where nothing of it can be had here, throws what a person can do about the votes of its run. */
export async function readLogOf(
  { config, runId }: { readonly config: ProjectConfig; readonly runId: string },
  ports: Pick<EnginePorts, 'store' | 'prepared' | 'locks'>,
  signal: AbortSignal,
): Promise<IntactLog> {
  try {
    return await ports.store.readIntact(runId)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'run_unknown' && failure.kind !== 'log_unreadable') throw error
    const primaries = config.servers.filter(server => server.role === 'primary').map(server => server.name)
    const left = await listOpenVotes(ports.prepared, primaries, signal)
    const votes = left.filter(vote => vote.runId === runId)
    if (votes.length === 0 && failure.kind === 'run_unknown') throw error
    // Another machine may be at work on it: its votes are open as they should be.
    if (votes.length > 0) await refuseHeld(primaries, ports, signal)
    throw new LockstepError({
      kind: 'record_damaged',
      runId,
      known: '',
      ...explain(failure),
      votes: tell(votes),
    })
  }
}

function explain(
  failure: Extract<Failure, { kind: 'run_unknown' | 'log_unreadable' }>,
): Pick<Damaged, 'log' | 'damage'> {
  if (failure.kind === 'run_unknown')
    return { log: 'elsewhere', damage: 'it is not among the runs that are kept here' }
  return { log: 'unreadable', damage: `${failure.file} cannot be read: ${describeReading(failure)}` }
}

/** Throws `run_locked` while a process holds the lock of a cluster. */
async function refuseHeld(
  primaries: readonly string[],
  { locks }: Pick<EnginePorts, 'locks'>,
  signal: AbortSignal,
): Promise<void> {
  for (const server of primaries) {
    const lock = await locks.acquire(server, 'lockstep recover', signal)
    if (!lock.acquired) throw new LockstepError({ kind: 'run_locked', cluster: server, holder: lock.holder })
    await lock.release()
  }
}

/** What was decided may stand in the part that cannot be read: while votes depend on it, a person decides. Null where none do. */
export function findDamage(
  runId: string,
  { events, damage, lost }: IntactLog,
  votes: readonly UnsettledVote[],
): Damaged | null {
  if (votes.length === 0) return null
  const isEmptied = lost === 'emptied' || (damage === null && events.length === 0)
  const isCut = readRecord(events) === null
  const problem = isEmptied
    ? emptied
    : (damage ?? (isCut ? 'it ends before its plan, though votes were cast' : null))
  if (problem === null) return null
  return {
    kind: 'record_damaged',
    runId,
    damage: problem,
    ...(isEmptied ? { log: 'emptied' } : {}),
    known: isEmptied || (damage === null && isCut) ? '' : describeKnown(events),
    votes: tell(votes),
  }
}

function describeKnown(events: readonly RunEvent[]): string {
  const record = readRecord(events)
  if (record === null) return 'Before that there is no plan.'
  const decisions = [...record.decisions].map(([group, decision]) => `${group}: ${decision}`)
  const decided = decisions.length === 0 ? 'no decision' : `these decisions: ${decisions.join(', ')}`
  const tenants = listMigrating(record.plan)
  return `Before that there is a plan for ${countOf(tenants.length, 'tenant')}, and ${decided}.`
}

function tell(votes: readonly UnsettledVote[]): Damaged['votes'] {
  return votes.map(({ server, database, gid, owner }) => ({ server, database, gid, owner }))
}
