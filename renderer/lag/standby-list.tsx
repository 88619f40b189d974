import type { LagSeries } from '../../shared/api/topology-view.ts'
import { formatDuration } from '../../shared/text/plain-words.ts'
import { useNow } from '../store/use-now.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { Time } from '../ui/time.tsx'
import { formatLag, statusOfLagState, wordOfLagState } from './describe-lag.ts'
import styles from './lag-panel.module.css'

interface StandbyListProps {
  readonly series: readonly LagSeries[]
  readonly chosen: string
  readonly onChoose: (server: string) => void
}

/** The newest sample of each standby; pressing one draws its line strongly. */
export function StandbyList({ series, chosen, onChoose }: StandbyListProps) {
  return (
    <ul className={styles.list} aria-label="Standbys">
      {series.map(one => (
        <li key={`${one.cluster}/${one.server}`}>
          <button
            type="button"
            className={styles.standby}
            aria-pressed={one.server === chosen}
            onClick={() => onChoose(one.server)}
          >
            <NewestSample series={one} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function NewestSample({ series: { server, samples } }: { readonly series: LagSeries }) {
  const last = samples.at(-1)
  return (
    <>
      <span className={styles.name} title={server}>
        {server}
      </span>
      {last ? (
        <StatusMark status={statusOfLagState(last.state)} word={wordOfLagState(last.state)} />
      ) : (
        <StatusMark status="pending" word="no samples yet" />
      )}
      <span className={styles.values}>
        {last ? describeValues(formatLag(last, 'bytes'), formatLag(last, 'seconds')) : ''}
      </span>
      <span className={styles.age}>{last && <SampleAge at={last.at} />}</span>
    </>
  )
}

/** What is unknown in both measures is said once. */
function describeValues(bytes: string, seconds: string): string {
  return bytes === seconds ? bytes : `${bytes}, ${seconds}`
}

function SampleAge({ at }: { readonly at: string }) {
  const milliseconds = Math.max(0, useNow() - Date.parse(at))
  if (milliseconds > 3_600_000)
    return (
      <>
        sampled <Time at={at} hasDate />
      </>
    )
  return (
    <>
      sampled{' '}
      {milliseconds < 3_000 ? 'just now' : `${formatDuration(Math.floor(milliseconds / 1_000) * 1_000)} ago`}
    </>
  )
}
