import { describeDowngrade } from '../../../../shared/analysis/describe-downgrade.ts'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { factsOfCheck, tallyGates } from '../../../gates/gate-facts.ts'
import { countMigrating } from './plan-facts.ts'

/** What applying a plan does, to how many, and whether it can be undone: the same words in every question about it. */
export function ConsequenceText({ view }: { readonly view: PlanView }) {
  const { plan, analysis, gates, gatesCheckedAt } = view
  const revisions = [...new Set(plan.routes.flatMap(route => route.steps.map(step => step.revision)))]
  const outside = plan.routes.flatMap(route => route.steps).filter(step => !step.transactional)
  return (
    <>
      <p>
        {`${revisions.length === 1 ? 'Revision' : 'Revisions'} ${listNames(revisions)} in ${countOf(countMigrating(plan), 'tenant')}, ${countOf(plan.groups.length, 'wave')}: ${listNames(plan.groups.map(group => `${group.name} (${group.mode})`))}.`}
      </p>
      {outside.length > 0 && (
        <p>{`Not atomic from ${listNames([...new Set(outside.map(step => step.revision))])} on: what ran there stays when a later step fails.`}</p>
      )}
      <p>
        <strong>Can it be undone? </strong>
        {describeDowngrade(analysis)}
      </p>
      <p className="quiet">
        {gatesCheckedAt === null
          ? 'No gate has been judged for this plan yet; the run judges them all.'
          : `Gates when they were last checked: ${tallyGates(gates.map(one => factsOfCheck(one, gatesCheckedAt)))}. The run judges them again.`}
      </p>
    </>
  )
}
