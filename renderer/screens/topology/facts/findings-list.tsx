import { describeTopologyFinding } from '../../../../shared/topology/describe-finding.ts'
import type { TopologyFinding } from '../../../../shared/topology/discovered-project.ts'
import type { Status } from '../../../status/status.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import styles from './side-panel.module.css'

const severities = ['problem', 'warning', 'note'] as const
const statuses: Readonly<Record<TopologyFinding['severity'], Status>> = {
  problem: 'failed',
  warning: 'warned',
  note: 'skipped',
}

/** Problems first, then warnings, then notes; each as it was found. */
export function sortFindings(findings: readonly TopologyFinding[]): readonly TopologyFinding[] {
  return findings.toSorted(
    (left, right) => severities.indexOf(left.severity) - severities.indexOf(right.severity),
  )
}

/** What a person should know of a topology, and what to do about each. */
export function FindingsList({ findings }: { readonly findings: readonly TopologyFinding[] }) {
  return (
    <ul className={styles.findings}>
      {sortFindings(findings).map(finding => {
        const { what, fix } = describeTopologyFinding(finding)
        return (
          <li key={JSON.stringify(finding)} className={styles.finding}>
            <StatusMark status={statuses[finding.severity]} word={finding.severity} />
            <p>{what}</p>
            {fix !== '' && (
              <p>
                <span className="quiet">Fix: </span>
                {fix}
              </p>
            )}
          </li>
        )
      })}
    </ul>
  )
}
