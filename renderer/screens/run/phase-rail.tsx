import { formatDuration } from '../../../shared/plain-words.ts'
import { StatusMark } from '../../parts/status-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { PhaseStop } from './list-phases.ts'
import styles from './phase-rail.module.css'

/** The phases of a run from the first to the last: state, start, how long, how far. */
export function PhaseRail({ stops }: { readonly stops: readonly PhaseStop[] }) {
  return (
    <ol className={styles.rail}>
      {stops.map(stop => (
        <li key={stop.phase}>
          <Stop stop={stop} />
          {stop.steps.length > 0 && (
            <ol className={styles.steps}>
              {stop.steps.map(step => (
                <li key={step.group}>
                  <Stop stop={step} />
                </li>
              ))}
            </ol>
          )}
        </li>
      ))}
    </ol>
  )
}

function Stop({ stop }: { readonly stop: PhaseStop }) {
  const { title, status, word, startedAt, durationMs, progress, remainingMs, message } = stop
  return (
    <div className={styles.stop} data-status={status}>
      <span className={styles.title}>{title}</span>
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
