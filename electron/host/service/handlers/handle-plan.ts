import type { PlanView, Possibility } from '../../../../shared/api/plan-view.ts'
import { type Failure, LockstepError } from '../../../../shared/failure/failure.ts'
import type { Action, Confirmation } from '../../../../shared/plan/confirmation-level.ts'
import { type GuardFacts, guardRequest } from '../../../engine/approval/guard-request.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'
import type { KnownPlan } from '../controllers/plan-controller.ts'
import { describePossibilities } from './describe-possibilities.ts'
import { readGuardFacts } from './read-guard-facts.ts'

/** Making, checking and deciding plans. */
export function handlePlan(context: ServiceContext): HandlersOf<'plan'> {
  const { session, plans, fleet, user } = context
  const view = async (planId: string): Promise<PlanView> =>
    viewPlan(context, await plans.read(await session.refresh(), planId))
  return {
    'plan.make': async asked => {
      await refuseWhileAtWork(context, 'make a plan')
      const planId = await plans.make(await session.refresh(), asked)
      fleet.forget()
      return view(planId)
    },
    'plan.read': ({ planId }) => view(planId),
    'plan.check': async ({ planId }) => {
      await refuseWhileAtWork(context, 'check the plan')
      return view(await plans.check(await session.refresh(), planId))
    },
    'plan.rehearse': async ({ planId }) => {
      await refuseWhileAtWork(context, 'rehearse the plan')
      return view(await plans.rehearse(await session.refresh(), planId))
    },
    'plan.approve': async ({ planId, comment, confirmation }) => {
      const by = user
      const said = joinWords(comment, confirmation)
      await plans.decide(await session.refresh(), planId, { decision: 'approved', by, comment: said })
      return view(planId)
    },
    'plan.reject': async ({ planId, comment }) => {
      await plans.decide(await session.refresh(), planId, { decision: 'rejected', by: user, comment })
      return view(planId)
    },
  }
}

/** A plan with everything that an approval rests on. */
async function viewPlan(context: ServiceContext, kept: KnownPlan): Promise<PlanView> {
  const { plan, record, asked, gates, gatesCheckedAt, moved } = kept
  const facts = await readGuardFacts(context, { planId: plan.planId })
  return {
    plan,
    record,
    asked,
    graph: kept.graph ?? (await context.fleet.readGraph()),
    gates,
    gatesCheckedAt,
    moved,
    analysis: kept.analysis,
    possible: listPossible(facts, kept),
  }
}

function listPossible(facts: GuardFacts, { plan }: KnownPlan): readonly Possibility[] {
  const { planId } = plan
  const nothingToDo: Failure | null =
    plan.routes.length > 0
      ? null
      : {
          kind: 'not_possible',
          action: 'approve',
          reason: 'Every tenant is at the target: there is nothing to do.',
        }
  const confirmation = null
  const possibilities: readonly (readonly [Action, Failure | null])[] = [
    ['approve', nothingToDo ?? guardRequest('plan.approve', { planId, confirmation, comment: '' }, facts)],
    ['reject', guardRequest('plan.reject', { planId, comment: 'a comment' }, facts)],
    ['apply', nothingToDo ?? guardRequest('run.start', { planId, confirmation }, facts)],
  ]
  return describePossibilities(facts, possibilities)
}

/** Also for a run of another process: planning would wait for its locks. */
async function refuseWhileAtWork({ runs, listActive }: ServiceContext, action: string): Promise<void> {
  if (!runs.isBusy && (await listActive()).length === 0) return
  const reason = 'A run is at work: its votes lock tables, so that nothing can be planned.'
  throw new LockstepError({ kind: 'not_possible', action, reason })
}

function joinWords(comment: string, confirmation: Confirmation | null): string {
  return confirmation?.kind === 'named' && comment.trim() === '' ? confirmation.reason : comment
}
