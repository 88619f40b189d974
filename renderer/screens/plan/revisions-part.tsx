import type { PlanView } from '../../../shared/api/plan-view.ts'
import { countOf } from '../../../shared/plain-words.ts'
import type { PlannedStep } from '../../../shared/plan.ts'
import { EmptyNotice } from '../../parts/empty-notice.tsx'
import styles from './evidence.module.css'
import { tenantsOnRoute } from './plan-facts.ts'

/** The revisions that the plan applies, each with the tenants that lack it. */
export function RevisionsPart({ view }: { readonly view: PlanView }) {
  const { plan } = view
  const steps = new Map<string, { readonly step: PlannedStep; readonly tenants: number }>()
  for (const route of plan.routes)
    for (const step of route.steps)
      steps.set(step.revision, {
        step,
        tenants: (steps.get(step.revision)?.tenants ?? 0) + tenantsOnRoute(plan, route).length,
      })
  if (steps.size === 0) return <EmptyNotice title="This plan applies no revision." />
  return (
    <>
      <h2>{`${countOf(steps.size, 'revision')} to apply`}</h2>
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
