import type { RunEventType } from '../../../shared/run/run-event.ts'

/** Every event type of this version once; the compiler refuses a missing or a foreign one. */
const known: Readonly<Record<RunEventType, true>> = {
  'run.started': true,
  'phase.started': true,
  'phase.finished': true,
  'server.observed': true,
  'tenants.discovered': true,
  'source.described': true,
  'lock.acquired': true,
  'plan.made': true,
  'plan.foreseen': true,
  'gate.started': true,
  'gate.judged': true,
  'approval.recorded': true,
  'snapshot.taken': true,
  'snapshot.copying': true,
  'rollback.proposed': true,
  'writes.noted': true,
  'tenant.restoring': true,
  'group.started': true,
  'tenant.started': true,
  'statement.executed': true,
  'revision.applied': true,
  'tenant.voting': true,
  'tenant.voted': true,
  'group.decided': true,
  'tenant.committed': true,
  'tenant.rolled_back': true,
  'tenant.unsettled': true,
  'group.finished': true,
  'standby.checked': true,
  'fingerprints.compared': true,
  'smoke.judged': true,
  'hook.judged': true,
  'rollback.proven': true,
  'run.interrupted': true,
  'recovery.started': true,
  'recovery.settled': true,
  'log.repaired': true,
  'run.finished': true,
  'tenant.retried': true,
  'lag.sampled': true,
  'run.pausing': true,
  'run.paused': true,
  'run.resumed': true,
}

/** Says whether this version knows an event type. */
export function isRunEventType(type: string): type is RunEventType {
  return Object.hasOwn(known, type)
}
