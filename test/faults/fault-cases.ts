import type { BoundaryName } from '../../electron/engine/ports/boundaries.ts'
import type { RunEventType } from '../../shared/run/run-event.ts'
import type { ScenarioName } from './fault-scenarios.ts'

/** Why a name is in no scenario that is killed. */
export interface NotKilled {
  readonly because: string
}

/**
 * For every boundary, and every event that is put on record: the scenario in which it is killed, before and after.
 * A new one does not compile until it has its case here; the matrix fails when the scenario does not reach it.
 */
export const caseOf: Readonly<Record<BoundaryName | RunEventType, ScenarioName | NotKilled>> = {
  'lock.acquire': 'fleet vote, SQL',
  'lock.release': 'fleet vote, Alembic',
  'transaction.begin': 'fleet vote, SQL',
  'revision.apply': 'group vote, Alembic',
  'vote.prepare': 'fleet vote, SQL',
  'vote.commit': 'group vote, SQL',
  'vote.roll_back': 'recovery back, SQL',
  'tenant.commit': 'independent, SQL',
  'statement.outside': 'vote and a tail, SQL',
  'revision.note': 'vote and a tail, Alembic',
  'session.cancel': { because: 'nothing is cancelled unless a run is stopped: see the signals' },
  'snapshot.mark': 'snapshots, SQL',
  'snapshot.copy': 'snapshots, SQL',
  'snapshot.remove': 'pruning, SQL',
  'rehearsal.copy': 'rehearsal, SQL',
  'rehearsal.run': 'rehearsal, SQL',
  'rehearsal.drop': 'rehearsal, SQL',
  'rehearsal.keep': 'rehearsal in a run, SQL',
  'restore.prepare': 'way back by copies, SQL',
  'restore.close': 'way back by copies, SQL',
  'restore.disconnect': 'way back by copies, SQL',
  'restore.release': 'way back by copies, SQL',
  'restore.swap': 'way back by copies, SQL',
  'restore.open': 'recovery of a way back by copies, SQL',
  'restore.discard': 'recovery of a way back by copies, SQL',
  'log.create': 'fleet vote, SQL',
  'log.reopen': 'recovery forward, SQL',
  'report.write': 'fleet vote, SQL',
  'run.started': 'fleet vote, SQL',
  'phase.started': 'fleet vote, Alembic',
  'phase.finished': 'group vote, SQL',
  'server.observed': 'vote with a standby, SQL',
  'tenants.discovered': 'fleet vote, SQL',
  'source.described': 'fleet vote, Alembic',
  'lock.acquired': 'independent, Alembic',
  'plan.made': 'fleet vote, SQL',
  'plan.foreseen': 'fleet vote, SQL',
  'gate.started': 'fleet vote, SQL',
  'gate.judged': 'fleet vote, SQL',
  'approval.recorded': 'fleet vote, SQL',
  'snapshot.taken': 'snapshots, SQL',
  'rollback.proposed': 'downgrade, SQL',
  'writes.noted': 'snapshots, SQL',
  'tenant.restoring': 'way back by copies, SQL',
  'group.started': 'downgrade, Alembic',
  'group.decided': 'fleet vote, Alembic',
  'group.finished': 'group vote, Alembic',
  'tenant.started': 'independent and a tail, SQL',
  'statement.executed': 'group vote, SQL',
  'revision.applied': 'vote and a tail, SQL',
  'tenant.voting': 'fleet vote, SQL',
  'tenant.voted': 'independent, Alembic',
  'tenant.committed': 'vote and a tail, Alembic',
  'tenant.rolled_back': { because: 'nobody is rolled back unless something fails: see the signals' },
  'tenant.unsettled': {
    because: 'nobody stays unsettled unless a server is gone: see the faults of servers',
  },
  'standby.checked': 'vote with a standby, SQL',
  'fingerprints.compared': 'vote with a standby, SQL',
  'smoke.judged': 'fleet vote, SQL',
  'hook.judged': { because: 'the scenarios have no hooks: what a hook does is the business of its team' },
  'rollback.proven': 'downgrade, SQL',
  'run.interrupted': { because: 'a run that comes to its end is not interrupted: see the signals' },
  'recovery.started': 'recovery back, SQL',
  'recovery.settled': 'recovery forward, Alembic',
  'log.repaired': {
    because: 'only a log with half a line is repaired, which no kill between two lines leaves',
  },
  'run.finished': 'fleet vote, SQL',
  'tenant.retried': { because: 'only a lost race for a lock is tried again: see the locks that are held' },
  'replay.judged': { because: 'which tenants are recorded, and when that is judged, is decided by timing' },
  'lag.sampled': { because: 'samples come when time has passed, not at a certain moment' },
  'run.pausing': { because: 'a person asks for a pause on the dashboard' },
  'run.paused': { because: 'a person asks for a pause on the dashboard' },
  'run.resumed': { because: 'a person asks for a pause on the dashboard' },
  'snapshot.copying': 'snapshots, SQL',
}

/** The names that a scenario has to be killed at, before and after. */
export function namesOf(scenario: ScenarioName): readonly string[] {
  return Object.entries(caseOf).flatMap(([name, where]) => (where === scenario ? [name] : []))
}
