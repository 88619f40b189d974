import { formatDuration } from '../../shared/plain-words.ts'
import { useNow } from '../store/use-now.ts'
import styles from './age.module.css'

interface AgeProps {
  /** `Date.now()` of when it was true. */
  readonly at: number
  readonly isStale?: boolean
}

/** How old something on the screen is. */
export function Age({ at, isStale = false }: AgeProps) {
  const milliseconds = Math.max(0, useNow() - at)
  const text =
    milliseconds < 2_000 ? 'just now' : `${formatDuration(Math.floor(milliseconds / 1_000) * 1_000)} ago`
  return (
    <span className={isStale ? styles.stale : styles.age}>
      {isStale ? `not current, updated ${text}` : `updated ${text}`}
    </span>
  )
}
