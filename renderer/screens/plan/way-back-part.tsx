import type { PlanView } from '../../../shared/api/plan-view.ts'
import { describeWayBack } from '../../../shared/foresight/describe-way-back.ts'
import { countOf } from '../../../shared/plain-words.ts'
import styles from '../../foresight/foresight.module.css'
import { WayBack } from '../../foresight/rehearsed-route.tsx'
import { NotYetJudgedNotice } from '../../parts/not-yet-judged-notice.tsx'

/** Whether what the plan commits can be undone, and what that would lose, before anybody approves. */
export function WayBackPart({ view }: { readonly view: PlanView }) {
  const routes = view.foresight?.rehearsal?.routes ?? []
  const said = describeWayBack(view.foresight)
  return (
    <>
      <h2>Way back</h2>
      {routes.length === 0 ? (
        <NotYetJudgedNotice title="The way back" judgement={{ state: 'not_yet_judged', reason: said }} />
      ) : (
        <p>{said}</p>
      )}
      {routes.map(route => (
        <section
          key={`${route.route} ${route.startFingerprint}`}
          className={styles.route}
          aria-label={`Way back of ${route.route} on ${route.representative}`}
        >
          <h3>{`${route.route}: ${countOf(route.tenants.length, 'tenant')}`}</h3>
          <WayBack route={route} />
        </section>
      ))}
    </>
  )
}
