import { useNow } from '../store/use-now.ts'
import styles from './age.module.css'
import { formatAgo } from './format-time.ts'

interface AgeProps {
  /** `Date.now()` of when it was true. */
  readonly at: number
  readonly isStale?: boolean
}

/** How old something on the screen is. */
export function Age({ at, isStale = false }: AgeProps) {
  const text = formatAgo(useNow() - at)
  return (
    <span className={isStale ? styles.stale : styles.age}>
      {isStale ? `not current, updated ${text}` : `updated ${text}`}
    </span>
  )
}
