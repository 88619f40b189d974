import type { PlanView } from '../../../../shared/api/plan-view.ts'
import styles from '../../../analysis/analysis.module.css'
import { sortFindings, tallyFindings } from '../../../analysis/finding-facts.ts'
import { FindingView } from '../../../analysis/finding-view.tsx'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { LongList } from '../../../ui/long-list.tsx'

/** What lint and the search for conflicts found in the plan, worst first. */
export function FindingsTab({ view }: { readonly view: PlanView }) {
  if (view.analysis === null)
    return (
      <EmptyNotice title="This plan has not been checked.">
        <p>It was made by an earlier version. Make a new one, or check its gates.</p>
      </EmptyNotice>
    )
  const findings = sortFindings(view.analysis.findings)
  return (
    <>
      <h2>{tallyFindings(findings)}</h2>
      {findings.length === 0 && (
        <p className="quiet">
          Every statement that can be read beforehand was held against every rule, and against what the
          tenants hold.
        </p>
      )}
      <LongList items={findings} noun="finding" atFirst={20} className={styles.findings}>
        {finding => <FindingView finding={finding} />}
      </LongList>
    </>
  )
}
