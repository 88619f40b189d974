import type { RollbackProposal } from '../../shared/run/rollback.ts'
import { type ApprovalWays, answerApproval, type KeptForApproval } from '../app/approval/answer-approval.ts'
import type { RollbackStore } from '../app/ports/rollback-store.ts'
import { proposeForFleet } from '../app/rollback/propose-for-fleet.ts'
import { type FleetRollback, rollBackFleet } from '../app/rollback/roll-back-fleet.ts'
import type { FinishedRun } from '../app/run/finish-run.ts'
import type { Approvals } from '../engine/ports/approvals.ts'
import type { Project } from './settings/load-project.ts'
import { toolVersion } from './settings/tool-version.ts'
import { currentUser } from './stores/approval-channels.ts'
import { openRollbackStore } from './stores/rollback-store.ts'
import { noApprovals, withEngine } from './wiring/with-engine.ts'

/** A rollback, and how approval of it is to be had. */
export interface RollBackOptions extends Omit<FleetRollback, 'config' | 'toolVersion' | 'approved'> {
  readonly approval: RollbackApprovalOptions
}

/** How approval of a rollback is to be had. */
export interface RollbackApprovalOptions extends Omit<ApprovalWays<RollbackProposal>, 'id' | 'by'> {
  readonly rollbackId: string | null
  readonly by?: string
}

/** Undoes a run of a project, and leaves its log and report; the report of the run that is undone names it. */
export function rollBackProject(
  project: Project,
  { approval, ...asked }: RollBackOptions,
): Promise<FinishedRun> {
  const { config } = project
  const rollbacks = openRollbackStore(project.plansFolder)
  const approved = approval.rollbackId === null ? null : rollbacks.find(approval.rollbackId)
  return withEngine(project, createApprovals(rollbacks, approval), ports =>
    rollBackFleet({ ...asked, config, toolVersion, approved }, ports),
  )
}

/** Says what undoing a run would do, and keeps it, so that it can be approved by its id. */
export function proposeForProject(
  project: Project,
  asked: { readonly runId: string; readonly tenants: readonly string[] },
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<RollbackProposal> {
  const question = { ...asked, config: project.config, onProgress }
  return withEngine(project, noApprovals, ports => proposeForFleet(question, ports, signal))
}

function createApprovals(
  rollbacks: RollbackStore,
  { rollbackId: id, by = currentUser(), ...ways }: RollbackApprovalOptions,
): Approvals {
  const findKept = (start: string): KeptForApproval | null => {
    const kept = rollbacks.find(start)
    return kept && { id: kept.rollbackId, plan: null }
  }
  return {
    async ask(plan, signal, proposal) {
      if (proposal) rollbacks.keep(proposal)
      const asked = { id: plan.planId, shown: proposal ?? null }
      return answerApproval({ ...ways, id, by }, asked, findKept, signal)
    },
  }
}
