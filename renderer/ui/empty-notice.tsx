import type { ReactNode } from 'react'
import styles from './empty-notice.module.css'

interface EmptyNoticeProps {
  /** Why there is nothing. */
  readonly title: string
  readonly children?: ReactNode
  /** What to do about it. */
  readonly action?: ReactNode
}

/** Nothing there: why, and the next thing to do. */
export function EmptyNotice({ title, children, action }: EmptyNoticeProps) {
  return (
    <div className={styles.notice} data-state="empty">
      <p className={styles.title}>{title}</p>
      {children}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}
