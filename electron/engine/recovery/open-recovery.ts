import { toFailure } from '../../../shared/failure/failure.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { exitCodeOf } from '../../../shared/run/outcome.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { noHooks } from '../context/phase-hooks.ts'
import type { RunContext, RunPorts } from '../context/run-context.ts'
import { neverPaused } from '../context/run-control.ts'
import { withRunLocks } from '../context/with-run-locks.ts'
import { findOpenRuns } from '../open-runs/find-open-runs.ts'
import { listOpenVotes, type UnsettledVote } from '../open-runs/list-open-votes.ts'
import type { Lease, NothingMore, Step } from '../phases/phase.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { IntactLog } from '../ports/run-log.ts'
import { type EventReader, Recorder } from '../recording/recorder.ts'
import type { HeldLocks } from '../run/run-leases.ts'
import { discoverClusters, discoverTopology } from '../topology/discover-topology.ts'
import { findDamage, readLogOf } from './read-log-of.ts'
import { readDiscovered } from './read-record.ts'

/** Which run is to be settled. */
export interface RecoverRequest {
  readonly config: ProjectConfig
  readonly runId: string
}

/** What a recovery asks of the outside world. */
export type RecoveryPorts = RunPorts & Pick<EnginePorts, 'restores'>

/** A recovery that knows nothing yet. */
export interface AskedRecovery extends RecoverRequest {
  readonly ports: RecoveryPorts
  readonly readers: readonly EventReader[]
  readonly signal: AbortSignal
}

interface ReadLog {
  readonly intact: IntactLog
}

interface Discovered {
  readonly topology: Topology
}

/** Votes of the run that are prepared somewhere. */
interface LeftVotes {
  readonly votes: readonly UnsettledVote[]
}

/** A log that nobody else writes to, with all that is in it. */
type OpenLog = Pick<RunContext, 'clock' | 'recorder' | 'control' | 'hooks'> & {
  readonly events: readonly RunEvent[]
}

/** A run that is at work settles itself. */
export const refuseAlive: Step<AskedRecovery, NothingMore> = {
  async work({ config, runId, ports }) {
    // Where no log can be read at all, reading this one says so.
    const runs = await ports.store.list().catch((error: unknown) => {
      if (toFailure(error).kind !== 'log_unreadable') throw error
      return []
    })
    const stored = runs.find(run => run.runId === runId)
    if (!stored?.alive) return { kind: 'found', found: {} }
    const holder = `lockstep ${runId}`
    return { kind: 'failed', failure: { kind: 'run_locked', cluster: config.project, holder } }
  },
}

/** Reads what of the log is sound. */
export const readLog: Step<AskedRecovery, ReadLog> = {
  async work(asked) {
    return { kind: 'found', found: { intact: await readLogOf(asked, asked.ports, asked.signal) } }
  },
}

/**
 * The servers as they are now, with the tenants as the run saw them: the configuration may have changed since, and what the
 * run itself has closed is found by nobody.
 */
export const discoverOnRecord: Step<AskedRecovery & ReadLog, Discovered> = {
  async work({ config, ports, intact, signal }) {
    const tenants = readDiscovered(intact.events)
    // What the lost part of a log did is only known from the tenants that there are now.
    const topology =
      tenants === null && intact.damage !== null
        ? await discoverTopology(config, ports, async () => undefined, signal)
        : { clusters: await discoverClusters(config, ports, signal), tenants: tenants ?? [] }
    return { kind: 'found', found: { topology } }
  },
}

/** Finds the votes that are left; while they depend on a part that nobody can read, a person decides. */
export const refuseOnDamage: Step<AskedRecovery & ReadLog & Discovered, LeftVotes> = {
  async work({ runId, ports, intact, topology, signal }) {
    const primaries = topology.clusters.map(cluster => cluster.primary.server)
    const left = await listOpenVotes(ports.prepared, primaries, signal)
    const votes = left.filter(vote => vote.runId === runId)
    const failure = findDamage(runId, intact, votes)
    return failure ? { kind: 'failed', failure } : { kind: 'found', found: { votes } }
  },
}

/** Ends where there is nothing to settle: the run has an end, or later runs have put right what it left. */
export const endWhereSettled: Step<AskedRecovery & ReadLog & LeftVotes, NothingMore> = {
  skip: ({ votes }) => (votes.length > 0 ? {} : null),
  async work({ config, runId, ports, intact }) {
    const end = intact.events.at(-1)
    if (end?.type !== 'run.finished' || intact.damage !== null) return { kind: 'found', found: {} }
    const { outcome, failure } = end
    if (outcome !== 'needs_human') return { kind: 'over', ending: { outcome, failure } }
    const { store } = ports
    const open = await findOpenRuns(config.project, await store.list(), async id =>
      foldAll(await store.read(id)),
    )
    if (open.some(run => run.runId === runId)) return { kind: 'found', found: {} }
    return { kind: 'over', ending: { outcome: 'nothing_to_do', failure: null } }
  },
}

/** The log of the run, which goes on where it was cut off: the end of the recovery is the last thing in it. */
export const reopenedLog: Lease<AskedRecovery, OpenLog> = {
  async lend({ runId, ports, readers }, rest) {
    const log = await ports.store.reopen(runId, { setAside: true })
    try {
      const recorder = new Recorder(log, readers)
      // Read only now that no other process can write: a decision must not be missed.
      const events = await ports.store.read(runId)
      const { clock } = ports
      const end = await rest({ clock, recorder, control: neverPaused, hooks: noHooks, events })
      if (end.kind === 'over') {
        const exitCode = exitCodeOf(end.ending.outcome)
        await recorder.recordDurably({ type: 'run.finished', ...end.ending, exitCode, volatile: {} })
      }
      return end
    } finally {
      await log.close()
    }
  },
}

/** Whoever runs the lock has begun to change something: it is not waited for. */
export const recoveryLocks: Lease<RunContext, HeldLocks> = {
  lend: (run, rest) => withRunLocks(run, 5, findLostLock => rest({ findLostLock }), run.signal),
}
