import type { PlanFinding } from '../../shared/analysis/finding.ts'
import { SqlView } from '../sql/sql-view.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { NameList } from '../ui/name-list.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import styles from './analysis.module.css'
import { statusOfFinding, wordOfFinding } from './finding-facts.ts'

/** One finding: what is wrong, why it hurts, what to do, and the safer form of the statement where there is one. */
export function FindingView({ finding }: { readonly finding: PlanFinding }) {
  const { rule, message, why, remedy, saferSql, waived, place, tenants } = finding
  return (
    <article className={styles.finding} aria-label={`${rule}: ${message}`}>
      <p className={styles.line}>
        <StatusMark status={statusOfFinding(finding)} word={wordOfFinding(finding)} />
        <strong>{message}</strong>
      </p>
      <p className={styles.facts}>
        <code>{rule}</code>
        {place && <code>{place.line === null ? place.file : `${place.file}:${place.line}`}</code>}
        {tenants.length > 0 && (
          <span>
            only in <NameList names={tenants} what="tenants" atFirst={4} />
          </span>
        )}
      </p>
      {waived && (
        <p>{`Waived ${waived.by === 'inline' ? 'beside the statement' : 'by the policy'}: ${waived.reason}`}</p>
      )}
      <p className="quiet">{why}</p>
      {remedy !== '' && <p>{remedy}</p>}
      {saferSql !== null && (
        <figure className={styles.safer}>
          <figcaption className={styles.line}>
            <span>The same change, safer</span>
            <CopyButton kind="quiet" text={saferSql} label="Copy" object={`the safer form for ${rule}`} />
          </figcaption>
          <SqlView sql={saferSql} label={`Safer form for ${rule}`} />
        </figure>
      )}
    </article>
  )
}
