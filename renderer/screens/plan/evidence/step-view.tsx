import { useState } from 'react'
import type { PlanFinding } from '../../../../shared/analysis/finding.ts'
import type { PlannedStatement, PlannedStep } from '../../../../shared/plan/plan.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { findingsAt } from '../../../analysis/finding-facts.ts'
import { FindingView } from '../../../analysis/finding-view.tsx'
import { SqlView } from '../../../sql/sql-view.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import styles from '../evidence.module.css'

interface StepViewProps {
  readonly step: PlannedStep
  /** Of the whole plan; those of this step are shown at their statement. */
  readonly findings: readonly PlanFinding[]
  readonly isOpenAtFirst: boolean
}

/** One revision on a route: whether a transaction holds it, and its statements as far as they can be known. */
export function StepView({ step, findings, isOpenAtFirst }: StepViewProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const count = step.statements.length
  return (
    <details className={styles.step} open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary className={styles.stepHead}>
        <h3>
          <code>{step.revision}</code> {step.message}
        </h3>
        {step.transactional ? (
          <span className="quiet">in a transaction</span>
        ) : (
          <StatusMark status="warned" word="not atomic from here" />
        )}
        <span className="quiet">{countOf(count, 'statement')}</span>
        <code className={styles.file} title={step.file}>
          {step.file}
        </code>
      </summary>
      {isOpen && (
        <div className={styles.stepBody}>
          {!step.transactional && (
            <p className={styles.reason}>
              {`It cannot run in a transaction: ${step.reason || 'the source says so'}. It runs after the group has committed, and what it did stays when a later step fails.`}
            </p>
          )}
          {step.unrendered !== '' && (
            <p className={styles.reason}>
              <strong>Not everything can be shown beforehand: </strong>
              {`${step.unrendered}. What runs is the revision itself; the run records every statement.`}
            </p>
          )}
          {count === 0 && step.unrendered === '' && (
            <p className="quiet">This revision has no statement of its own.</p>
          )}
          {step.statements.map((statement, index) => (
            <Statement
              // biome-ignore lint/suspicious/noArrayIndexKey: statements of a plan never move.
              key={index}
              statement={statement}
              findings={findingsAt(findings, step.revision, index)}
              label={`Statement ${index + 1} of ${count}`}
              object={`statement ${index + 1} of revision ${step.revision}`}
            />
          ))}
        </div>
      )}
    </details>
  )
}

interface StatementProps {
  readonly statement: PlannedStatement
  readonly findings: readonly PlanFinding[]
  readonly label: string
  /** The statement as a person would name it. */
  readonly object: string
}

function Statement({ statement, findings, label, object }: StatementProps) {
  const { sql, tables } = statement
  return (
    <figure className={styles.statement}>
      <figcaption className={styles.caption}>
        <span>{label}</span>
        <span className="mono" title={tables.join(', ')}>
          {tables.length === 0 ? 'touches no known table' : `touches ${listNames(tables)}`}
        </span>
        <CopyButton kind="quiet" text={sql} label="Copy" object={object} />
      </figcaption>
      <SqlView sql={sql} label={label} />
      {findings.map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings of a statement never move.
        <FindingView key={`${finding.fingerprint} ${index}`} finding={finding} />
      ))}
    </figure>
  )
}
