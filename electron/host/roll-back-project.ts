import type { Confirmation } from '../../shared/plan/confirmation-level.ts'
import type { RollbackProposal } from '../../shared/run/rollback.ts'
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

/** How approval is to be had; `prompt` is given by a caller that can show a proposal to a person. */
export interface RollbackApprovalOptions {
  /** Approve whatever it is. */
  readonly yes: boolean
  /** Approve only the rollback with this id, or its unambiguous beginning. */
  readonly rollbackId: string | null
  readonly confirmation: Confirmation | null
  readonly prompt: ((proposal: RollbackProposal, signal: AbortSignal) => Promise<Confirmation | null>) | null
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
  return withEngine(project, createApprovals(rollbacks, approval, approved), ports =>
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
  { yes, rollbackId, confirmation, prompt, by = currentUser() }: RollbackApprovalOptions,
  approved: RollbackProposal | null,
): Approvals {
  return {
    async ask(plan, signal, proposal) {
      if (proposal) rollbacks.keep(proposal)
      if (rollbackId !== null) {
        const isThis = rollbackId.length >= 8 && plan.planId.startsWith(rollbackId)
        const planId = isThis ? plan.planId : (approved?.rollbackId ?? rollbackId)
        return { answer: 'approved_plan', planId, plan: null, by, confirmation }
      }
      if (yes) return { answer: 'approved', how: 'flag', by, confirmation }
      if (!prompt || !proposal) return { answer: 'nobody_there' }
      const said = await prompt(proposal, signal)
      if (!said) return { answer: 'refused', by }
      return { answer: 'approved', how: 'prompt', by, confirmation: confirmation ?? said }
    },
  }
}
