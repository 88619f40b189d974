import { describeFailure } from '../../shared/failure/describe-failure.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import styles from './failure-notice.module.css'

interface FailureNoticeProps {
  readonly failure: Failure
  /** What this means for the migration; said where it is not plain. */
  readonly effect?: string | undefined
  readonly onRetry?: (() => void) | undefined
}

/** What failed, where, why and what to do: in place, with a way on. */
export function FailureNotice({ failure, effect, onRetry }: FailureNoticeProps) {
  const { what, where, why, fix } = describeFailure(failure)
  return (
    <div className={styles.notice} role="alert">
      <p className={styles.what}>{what}</p>
      {where !== '' && <p className="mono">{where}</p>}
      {why !== '' && <p>{why}</p>}
      {effect !== undefined && <p>{effect}</p>}
      {fix !== '' && (
        <p>
          <span className="quiet">Fix: </span>
          <span>{fix}</span>
        </p>
      )}
      <div className={styles.actions}>
        {onRetry && <Button onPress={onRetry}>Try again</Button>}
        <CopyButton text={JSON.stringify(failure, null, 2)} label="Copy diagnostics" />
        <code className="quiet">{failure.kind}</code>
      </div>
    </div>
  )
}
