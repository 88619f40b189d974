import { userInfo } from 'node:os'
import type { Confirmation } from '../../../shared/plan/confirmation-level.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Approvals } from '../../engine/ports/approvals.ts'
import { findPlanIds, readSavedPlan } from './plan-files.ts'

/** How approval is to be had; `prompt` is given by a caller that can show a plan to a person. */
export interface ApprovalOptions {
  /** Approve whatever the plan is. */
  readonly yes: boolean
  /** Approve only the plan with this id, or its unambiguous beginning. */
  readonly planId: string | null
  /** Given in advance for an environment that asks for its name; null where it was not. */
  readonly confirmation: Confirmation | null
  /** Shows the plan and asks, giving null for a no; null where no one can be asked. */
  readonly prompt: ((plan: Plan, signal: AbortSignal) => Promise<Confirmation | null>) | null
  readonly plansFolder: string
}

/** Approval by flag, by plan id or by a person at the terminal, in that order of strictness. */
export function createApprovals(options: ApprovalOptions): Approvals {
  return {
    async ask(plan, signal) {
      const by = currentUser()
      const { confirmation } = options
      if (options.planId !== null) {
        const planId = completePlanId(options.planId, plan, options.plansFolder)
        return {
          answer: 'approved_plan',
          planId,
          plan: readSavedPlan(options.plansFolder, planId),
          by,
          confirmation,
        }
      }
      if (options.yes) return { answer: 'approved', how: 'flag', by, confirmation }
      if (!options.prompt) return { answer: 'nobody_there' }
      const said = await options.prompt(plan, signal)
      return said
        ? { answer: 'approved', how: 'prompt', by, confirmation: confirmation ?? said }
        : { answer: 'refused', by }
    },
  }
}

function completePlanId(given: string, plan: Plan, folder: string): string {
  if (given.length >= 8 && plan.planId.startsWith(given)) return plan.planId
  const kept = findPlanIds(folder, given)
  return given.length >= 8 && kept.length === 1 && kept[0] ? kept[0] : given
}

/** The account of this machine: it does not prove who the person is. */
export function currentUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
