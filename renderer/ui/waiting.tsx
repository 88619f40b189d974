import { useNow } from '../store/use-now.ts'
import { Button } from './button.tsx'
import styles from './waiting.module.css'

interface WaitingProps {
  readonly rows: number
  /** `Date.now()` of when it was asked for. */
  readonly startedAt: number
  readonly waitingFor: string
  readonly onRetry: () => void
}

/** Room for what is to come, after 150 ms; after ten seconds it says what it waits for and offers to ask again. */
export function Waiting({ rows, startedAt, waitingFor, onRetry }: WaitingProps) {
  const seconds = Math.floor((useNow() - startedAt) / 1_000)
  return (
    <div className={styles.waiting} data-state="loading">
      <span className="visually-hidden">Waiting for {waitingFor}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move.
        <div key={row} className={styles.row} aria-hidden="true" />
      ))}
      {seconds >= 10 && (
        <p role="status">
          Waiting for {waitingFor} for {seconds} s. <Button onPress={onRetry}>Ask again</Button>
        </p>
      )}
    </div>
  )
}
