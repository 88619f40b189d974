import type { PlanView } from '../../../../shared/api/plan-view.ts'
import type { Confirmation } from '../../../../shared/plan/confirmation-level.ts'
import { listPlanPossibilities } from '../../../app/plan/list-plan-possibilities.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'
import type { KnownPlan } from '../controllers/plan-controller.ts'
import { readGuardFacts } from './read-guard-facts.ts'
import { refuseWhileAtWork } from './refuse-while-at-work.ts'

/** Making, checking and deciding plans. */
export function handlePlan(context: ServiceContext): HandlersOf<'plan'> {
  const { session, plans, fleet, user } = context
  const view = async (planId: string): Promise<PlanView> =>
    viewPlan(context, await plans.read(await session.refresh(), planId))
  return {
    'plan.make': async asked => {
      await refuseWhileAtWork(context, 'make a plan', 'that nothing can be planned')
      const planId = await plans.make(await session.refresh(), asked)
      fleet.forget()
      return view(planId)
    },
    'plan.read': ({ planId }) => view(planId),
    'plan.check': async ({ planId }) => {
      await refuseWhileAtWork(context, 'check the plan', 'that nothing can be planned')
      return view(await plans.check(await session.refresh(), planId))
    },
    'plan.rehearse': async ({ planId }) => {
      await refuseWhileAtWork(context, 'rehearse the plan', 'that nothing can be planned')
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
    possible: listPlanPossibilities(facts, plan),
  }
}

function joinWords(comment: string, confirmation: Confirmation | null): string {
  return confirmation?.kind === 'named' && comment.trim() === '' ? confirmation.reason : comment
}
