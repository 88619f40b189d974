import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { Link } from '../../../route/link.tsx'
import { routeTo } from '../../../route/route.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { Time } from '../../../ui/time.tsx'
import styles from './decision-block.module.css'
import { isVoid, statusOfPlan } from './plan-facts.ts'

/** What became of the plan: by whom, when and why. */
export function RecordLine({ view }: { readonly view: PlanView }) {
  const { record, plan } = view
  const { decision, runId } = record
  return (
    <div className={styles.record}>
      <p className={styles.line}>
        <StatusMark status={statusOfPlan(view)} word={wordOf(view)} />
        <span className="quiet">
          made <Time at={record.madeAt} hasDate />
        </span>
        {runId !== null && <Link to={routeTo('runs', { id: runId })}>Open the run</Link>}
      </p>
      {decision && (
        <>
          <p>
            {decision.decision === 'approved' ? 'Approved' : 'Rejected'} by <strong>{decision.by}</strong>{' '}
            <span className="quiet">(the account of this machine, not verified)</span>{' '}
            <Time at={decision.at} hasDate />
          </p>
          {decision.comment.trim() !== '' && (
            <blockquote className={styles.comment}>{decision.comment}</blockquote>
          )}
        </>
      )}
      {plan.routes.length === 0 && <p>Every tenant is at the target: there is nothing to approve.</p>}
    </div>
  )
}

function wordOf(view: PlanView): string {
  if (view.plan.routes.length === 0) return 'nothing to do'
  if (isVoid(view)) return 'void'
  return view.record.state === 'waiting' ? 'waits for approval' : view.record.state
}
