import { type ReactNode, useId } from 'react'
import type { Loadable } from '../store/use-request.ts'
import { Age } from './age.tsx'
import { FailureNotice } from './failure-notice.tsx'
import styles from './panel.module.css'
import { PanelBoundary } from './panel-boundary.tsx'
import { Waiting } from './waiting.tsx'

interface PanelProps<T> {
  readonly title: string
  readonly loadable: Loadable<T>
  readonly children: (value: T) => ReactNode
  /** What stands there when there is nothing: why, and what to do. Null for a value that is something. */
  readonly whenEmpty?: (value: T) => ReactNode | null
  /** What is waited for, for when it takes long. */
  readonly waitingFor: string
  /** Height of the skeleton in rows, so that nothing jumps. */
  readonly rows?: number
  /** What a failure here means for the migration. */
  readonly effect?: string
  readonly actions?: ReactNode
  readonly isTitleHidden?: boolean
}

/** A part of a screen in one of five states: loading, empty, ready or stale, failed, not available. A fault in it stays in it. */
export function Panel<T>(props: PanelProps<T>) {
  const { title, loadable, actions, isTitleHidden = false } = props
  const heading = useId()
  const isAged = loadable.at !== null && loadable.isStale
  return (
    <section
      className={styles.panel}
      aria-labelledby={heading}
      aria-busy={loadable.state === 'loading' || undefined}
    >
      <header className={isTitleHidden && !isAged ? 'visually-hidden' : styles.header}>
        <h2 id={heading} className={isTitleHidden ? 'visually-hidden' : undefined}>
          {title}
        </h2>
        {loadable.at !== null && isAged && <Age at={loadable.at} isStale />}
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <PanelBoundary title={title}>
        <PanelBody {...props} />
      </PanelBoundary>
    </section>
  )
}

function PanelBody<T>({ loadable, children, whenEmpty, waitingFor, rows = 3, effect }: PanelProps<T>) {
  const { state, value, failure, startedAt, isStale, reload } = loadable
  if (value === null) {
    if (state === 'failed' && failure)
      return <FailureNotice failure={failure} effect={effect} onRetry={reload} />
    return <Waiting rows={rows} startedAt={startedAt} waitingFor={waitingFor} onRetry={reload} />
  }
  const empty = whenEmpty?.(value) ?? null
  return (
    <>
      {failure && <FailureNotice failure={failure} effect={effect} onRetry={reload} />}
      <div className={isStale ? styles.stale : undefined}>{empty ?? children(value)}</div>
    </>
  )
}
