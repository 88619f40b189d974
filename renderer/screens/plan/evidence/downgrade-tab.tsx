import { describeDowngrade } from '../../../../shared/analysis/describe-downgrade.ts'
import type { Reversibility, RouteRehearsal } from '../../../../shared/analysis/rehearsal.ts'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import styles from '../../../analysis/analysis.module.css'
import { ReversibilityView } from '../../../analysis/rehearsed-route.tsx'
import { LongList } from '../../../ui/long-list.tsx'
import { NotYetJudgedNotice } from '../../../ui/not-yet-judged-notice.tsx'

/** Whether what the plan commits can be undone, and what that would lose, before the approval. */
export function DowngradeTab({ view }: { readonly view: PlanView }) {
  const routes = view.analysis?.rehearsal?.routes ?? []
  const said = describeDowngrade(view.analysis)
  return (
    <>
      <h2>Rollback</h2>
      {routes.length === 0 ? (
        <NotYetJudgedNotice title="Rollback" judgement={{ state: 'not_yet_judged', reason: said }} />
      ) : (
        <p>{said}</p>
      )}
      <LongList
        items={worstFirst(routes)}
        noun="class"
        plural="classes"
        atFirst={10}
        label="Rollback of each class"
        className={styles.findings}
      >
        {route => (
          <section
            className={styles.route}
            aria-label={`Rollback of ${route.route} on ${route.representative}`}
          >
            <h3>{`${route.route}: ${countOf(route.tenants.length, 'tenant')}, tried on ${route.representative}`}</h3>
            <ReversibilityView route={route} />
          </section>
        )}
      </LongList>
    </>
  )
}

const weights: Readonly<Record<Reversibility, number>> = {
  impossible: 0,
  not_tried: 1,
  lossy: 2,
  lossless: 3,
}

function worstFirst(routes: readonly RouteRehearsal[]): readonly RouteRehearsal[] {
  return routes.toSorted((a, b) => weights[a.reversibility.verdict] - weights[b.reversibility.verdict])
}
