import type { PlanRecord } from '../../../../shared/api/plan-view.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import styles from './decision-block.module.css'

/** The plan's id, which is the hash of everything in it: an approval holds for this and nothing else. */
export function PlanIdentity({ record: { planId } }: { readonly record: PlanRecord }) {
  return (
    <details className={styles.identity}>
      <summary>
        plan <code>{planId.slice(0, 12)}</code>
      </summary>
      <div className={styles.identityBody}>
        <code>{planId}</code>
        <p className="quiet">
          The hash of revisions, tenants, statements, groups and the configuration of gates: an approval holds
          for exactly this.
        </p>
        <div className={styles.line}>
          <CopyButton text={planId} label="Copy the full id" />
          <CopyButton text={planId.slice(0, 12)} label="Copy the short id" />
          <CopyButton
            text={`lockstep run --plan-id ${planId.slice(0, 12)}`}
            label="Copy the command that applies it"
          />
        </div>
      </div>
    </details>
  )
}
