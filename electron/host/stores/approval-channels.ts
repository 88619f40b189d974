import { userInfo } from 'node:os'
import type { Plan } from '../../../shared/plan/plan.ts'
import {
  type ApprovalWays,
  answerApproval,
  type KeptForApproval,
} from '../../app/approval/answer-approval.ts'
import type { Approvals } from '../../engine/ports/approvals.ts'
import { findPlanIds, readSavedPlan } from './plan-files.ts'

/** How approval of a plan is to be had. */
export interface ApprovalOptions extends Omit<ApprovalWays<Plan>, 'id' | 'by'> {
  readonly planId: string | null
  readonly plansFolder: string
}

/** Approval by flag, by plan id or by a person at the terminal, in that order of strictness. */
export function createApprovals({ planId: id, plansFolder, ...ways }: ApprovalOptions): Approvals {
  const findKept = (start: string): KeptForApproval | null => {
    const [planId, ...others] = findPlanIds(plansFolder, start)
    if (planId === undefined || others.length > 0) return null
    return { id: planId, plan: readSavedPlan(plansFolder, planId) }
  }
  return {
    ask: (plan, signal) =>
      answerApproval({ ...ways, id, by: currentUser() }, { id: plan.planId, shown: plan }, findKept, signal),
  }
}

/** The account of this machine: it does not prove who the person is. */
export function currentUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
