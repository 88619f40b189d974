import { type ReactNode, useId, useState } from 'react'
import type { ProtocolView } from '../../../../shared/api/protocol-view.ts'
import { formatDuration } from '../../../../shared/text/plain-words.ts'
import { Prose } from '../../../runbook/prose.tsx'
import { findProse } from '../../../runbook/use-runbook.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { Time } from '../../../ui/time.tsx'
import type { PhaseStop } from './list-phases.ts'
import styles from './phase-rail.module.css'

interface PhaseRailProps {
  readonly stops: readonly PhaseStop[]
  /** Null while it is not known; the phases do not wait for it. */
  readonly runbook: ProtocolView | null
}

/** The phases of a run from the first to the last: state, start, how long, how far, and what the runbook says about each. */
export function PhaseRail({ stops, runbook }: PhaseRailProps) {
  return (
    <ol className={styles.rail}>
      {stops.map(stop => (
        <li key={stop.phase}>
          <Phase stop={stop} prose={findProse(runbook, stop.phase)} />
          {stop.steps.length > 0 && (
            <ol className={styles.steps}>
              {stop.steps.map(step => (
                <li key={step.group}>
                  <Stop stop={step} title={step.title} />
                </li>
              ))}
            </ol>
          )}
        </li>
      ))}
    </ol>
  )
}

/** A phase whose name opens what people agreed to do in it. */
function Phase({ stop, prose }: { readonly stop: PhaseStop; readonly prose: string | null }) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  if (prose === null) return <Stop stop={stop} title={stop.title} />
  const title = (
    <button
      type="button"
      className={styles.opener}
      aria-label={`${stop.title}: runbook`}
      aria-expanded={isOpen}
      aria-controls={isOpen ? id : undefined}
      onClick={() => setOpen(!isOpen)}
    >
      {stop.title}
    </button>
  )
  return (
    <>
      <Stop stop={stop} title={title} />
      {isOpen && (
        <section id={id} className={styles.runbook} aria-label={`Runbook: ${stop.title}`}>
          <Prose markdown={prose} />
        </section>
      )}
    </>
  )
}

function Stop({ stop, title: shown }: { readonly stop: PhaseStop; readonly title: ReactNode }) {
  const { title, status, word, startedAt, durationMs, progress, remainingMs, message } = stop
  return (
    <div className={styles.stop} data-status={status}>
      <span className={styles.title}>{shown}</span>
      <StatusMark status={status} word={word} />
      <span className={styles.time}>{startedAt !== null && <Time at={startedAt} />}</span>
      <span className={styles.duration}>{durationMs !== null && formatDuration(durationMs)}</span>
      <span className={styles.progress}>
        {progress !== null && (
          <>
            <progress
              max={progress.total}
              value={progress.done}
              aria-label={`${title}: ${progress.done} of ${progress.total}`}
            />
            {progress.done}/{progress.total}
          </>
        )}
      </span>
      <span className={styles.message} title={message}>
        {remainingMs === null
          ? stop.steps.length > 0
            ? ''
            : message
          : `about ${formatDuration(remainingMs)} left`}
      </span>
    </div>
  )
}
