import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup, PlannedTenant } from '../../../shared/plan/plan.ts'
import type { Outcome } from '../../../shared/run/outcome.ts'
import { noHooksAround } from '../hooks/around-phases.ts'
import type { NothingMore, Phase, Step } from '../phases/phase.ts'
import { runPhase } from '../phases/run-phase.ts'
import { proveUndoneOnRecord } from '../rollback/recover-rollback.ts'
import { checkReplicas, describeReplicas } from '../verification/check-replicas.ts'
import { proveRollback } from '../verification/prove-rollback.ts'
import type { Continuation } from './continue-fleet.ts'
import { type FoundPosition, readPositions } from './read-positions.ts'
import type { RecoveredRun, Settlement } from './settle-run.ts'

/** Where the planned tenants are found once the votes are settled. */
interface Positions {
  readonly migrated: readonly PlannedTenant[]
  /** At a step on their way. */
  readonly partial: readonly PlannedTenant[]
  /** Where they were, as their proof has to show. */
  readonly others: readonly PlannedTenant[]
}

/** Each null where it holds. */
interface Proofs {
  /** Whoever did not commit is as it was. */
  readonly unproven: Failure | null
  /** Standbys have what was committed. */
  readonly behind: Failure | null
  /** Of a rollback: whoever went back is as before the run that it undoes. */
  readonly undone: Failure | null
}

/** Asks everybody where they are. */
export const findPositions: Step<RecoveredRun, Positions> = {
  async work(run) {
    await run.warmed
    const positions = await readPositions(run, run.record)
    const at = (position: FoundPosition): readonly PlannedTenant[] =>
      positions.filter(one => one.position === position).map(one => one.planned)
    const found = { migrated: at('target'), partial: at('partial'), others: at('other') }
    return { kind: 'found', found }
  },
}

/** Proves of whoever is not at the end of its route that it is as it was. */
export const proveOthers: Step<RecoveredRun & Positions, Pick<Proofs, 'unproven'>> = {
  skip: ({ others }) => (others.length === 0 ? { unproven: null } : null),
  async work(run) {
    return { kind: 'found', found: { unproven: await proveRollback(run, run.others) } }
  },
}

/** Compares what was committed with its standbys, but for groups that have just been verified. */
export const verifyMigrated: Step<RecoveredRun & Positions & Continuation, Pick<Proofs, 'behind'>> = {
  async work(run) {
    const names = new Set(run.migrated.map(tenant => tenant.tenant))
    for (const group of run.plan.groups) {
      if (run.continued?.verified.includes(group.name)) continue
      const tenants = group.tenants.filter(tenant => names.has(tenant.tenant))
      if (tenants.length === 0) continue
      const end = await runPhase(verifyGroup, { ...run, group: { ...group, tenants } })
      if (end.kind === 'failed') return { kind: 'found', found: { behind: end.failure } }
    }
    return { kind: 'found', found: { behind: null } }
  },
}

const verifyGroup: Phase<RecoveredRun & { readonly group: PlannedGroup }, NothingMore> = {
  name: 'replica_sync_validation',
  hooks: noHooksAround,
  async work(run) {
    const failures = await checkReplicas(run, run.group, run.signal)
    const message = describeReplicas(run.topology, run.group, failures)
    const [failure] = failures
    return failure ? { status: 'failed', message, failure } : { status: 'success', message, found: {} }
  },
}

/** Of a rollback, proves that whoever went back is as before. */
export const proveUndone: Step<RecoveredRun & Positions, Pick<Proofs, 'undone'>> = {
  async work(run) {
    return { kind: 'found', found: { undone: await proveUndoneOnRecord(run, run.events, run.migrated) } }
  },
}

/** Says how the run has ended, by the weightiest of what is wrong. */
export const endRecovery: Step<RecoveredRun & Settlement & Continuation & Positions & Proofs, never> = {
  async work({ runId, unsettled, unproven, partial, continued, behind, undone, migrated, others }) {
    const doubt = unsettled ?? unproven ?? nameUnended(partial) ?? continued?.failure ?? behind ?? undone
    const failure = doubt ?? nameDivided(runId, migrated, others)
    return { kind: 'over', ending: { outcome: chooseOutcome(migrated.length, failure), failure } }
  },
}

function chooseOutcome(migrated: number, failure: Failure | null): Outcome {
  if (failure) return 'needs_human'
  return migrated > 0 ? 'migrated' : 'rolled_back'
}

/** Tenants that committed a part of their way: undoing it is not the vote's business, and a second run goes on from there. */
function nameUnended(partial: readonly PlannedTenant[]): Failure | null {
  if (partial.length === 0) return null
  return { kind: 'steps_left', tenants: partial.map(one => one.tenant) }
}

/** Every tenant is well, and not at the same revision: some groups had committed, and the others had not voted. */
function nameDivided(
  runId: string,
  migrated: readonly PlannedTenant[],
  left: readonly PlannedTenant[],
): Failure | null {
  if (migrated.length === 0 || left.length === 0) return null
  const names = (tenants: readonly PlannedTenant[]): readonly string[] => tenants.map(one => one.tenant)
  return { kind: 'partly_migrated', runId, migrated: names(migrated), left: names(left) }
}
