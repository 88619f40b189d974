import styles from './progress-lines.module.css'
import { StatusMark } from './status-mark.tsx'

interface ProgressLinesProps {
  readonly title: string
  readonly lines: readonly string[]
}

/** What is being done and what was done so far; only the last lines, they pass quickly. */
export function ProgressLines({ title, lines }: ProgressLinesProps) {
  return (
    <div className={styles.progress} role="status">
      <StatusMark status="running" word={title} />
      <ul>
        {lines.slice(-8).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines only come, and are alike.
          <li key={index}>{line}</li>
        ))}
      </ul>
    </div>
  )
}
