import { Suspense, useMemo } from 'react'
import { listPositions } from '../../../../shared/api/list-positions.ts'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import type { PlannedStep } from '../../../../shared/plan/plan.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { createLazyCode } from '../../../ui/lazy-code.ts'
import { LazyView } from '../../../ui/lazy-view.tsx'
import { tenantsOnRoute } from '../decision/plan-facts.ts'
import styles from '../evidence.module.css'

const revisionGraph = createLazyCode(
  'The drawing of the revisions',
  async () => (await import('../../../graph/revision-graph.tsx')).RevisionGraph,
)

/** The revision tree with where the tenants stand, and the revisions that the plan applies. */
export function RevisionsTab({ view }: { readonly view: PlanView }) {
  const { plan, graph } = view
  const positions = useMemo(() => listPositions(plan), [plan])
  const steps = new Map<string, { readonly step: PlannedStep; readonly tenants: number }>()
  for (const route of plan.routes)
    for (const step of route.steps)
      steps.set(step.revision, {
        step,
        tenants: (steps.get(step.revision)?.tenants ?? 0) + tenantsOnRoute(plan, route).length,
      })
  return (
    <>
      <h2>
        {steps.size === 0 ? 'This plan applies no revision' : `${countOf(steps.size, 'revision')} to apply`}
      </h2>
      {graph === null ? (
        <EmptyNotice title="The revisions cannot be read now.">
          <p>What the plan applies is part of the plan, and stands below.</p>
        </EmptyNotice>
      ) : (
        <Suspense fallback={<EmptyNotice title="Loading the revision tree" />}>
          <div className={styles.wide}>
            <LazyView code={revisionGraph} props={{ graph, positions, target: plan.target }} />
          </div>
        </Suspense>
      )}
      <div className={styles.wide}>
        <table>
          <thead>
            <tr>
              <th scope="col">Revision</th>
              <th scope="col">Message</th>
              <th scope="col">Tenants that lack it</th>
              <th scope="col">File</th>
              <th scope="col">Checksum</th>
            </tr>
          </thead>
          <tbody>
            {[...steps.values()].map(({ step, tenants }) => (
              <tr key={step.revision}>
                <th scope="row">
                  <code>{step.revision}</code>
                </th>
                <td>{step.message}</td>
                <td>{tenants}</td>
                <td>
                  <code>{step.file}</code>
                </td>
                <td>
                  <code title={step.checksum}>{step.checksum.slice(0, 12)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
