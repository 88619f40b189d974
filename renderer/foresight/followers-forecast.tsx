import type { Foresight } from '../../shared/foresight/foresight.ts'
import type { ReplayForecast } from '../../shared/foresight/replay-forecast.ts'
import {
  breaksApply,
  describeDifference,
  type SubscriberForecast,
} from '../../shared/foresight/subscriber-forecast.ts'
import { countOf, formatDuration, listNames } from '../../shared/plain-words.ts'
import { StatusMark } from '../parts/status-mark.tsx'
import styles from './foresight.module.css'

/** What standbys and logical subscribers will meet when the plan runs; nothing where there is neither. */
export function FollowersForecast({ foresight }: { readonly foresight: Foresight | null }) {
  const forecast = foresight?.forecast ?? []
  const subscribers = (foresight?.subscribers ?? []).filter(one => one.differences.length > 0)
  return (
    <>
      <Standbys forecast={forecast} />
      <Subscribers subscribers={subscribers} />
    </>
  )
}

function Standbys({ forecast }: { readonly forecast: readonly ReplayForecast[] }) {
  if (forecast.length === 0) return null
  return (
    <section aria-label="Standbys">
      <h3>On the standbys</h3>
      <ul className={styles.followers}>
        {forecast.map(one => (
          <li key={one.server}>
            <StatusMark status={one.effect === 'clear' ? 'passed' : 'warned'} word={one.server} />
            <span>{describeForecast(one)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Subscribers({ subscribers }: { readonly subscribers: readonly SubscriberForecast[] }) {
  if (subscribers.length === 0) return null
  return (
    <section aria-label="Logical subscribers">
      <h3>Logical subscribers, which receive no schema changes</h3>
      <ul className={styles.followers}>
        {subscribers.map(({ server, slot, subscription, tenant, differences }) => (
          <li key={`${tenant} ${slot} ${subscription}`}>
            <StatusMark
              status="warned"
              word={server === null ? `slot ${slot} of ${tenant}` : `${server}, ${subscription} of ${tenant}`}
            />
            <span>
              {`${differences.some(breaksApply) ? 'will stop: ' : ''}${listNames(differences.map(describeDifference), 4)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function describeForecast({ effect, maxDelayMs, queries }: ReplayForecast): string {
  const whose = listNames(
    queries.map(query => `${query.application || 'a query'} (process ${query.pid})`),
    4,
  )
  const until = maxDelayMs < 0 ? 'until they end by themselves' : `for up to ${formatDuration(maxDelayMs)}`
  switch (effect) {
    case 'clear':
      return 'no query there holds a table that the plan locks'
    case 'cancel':
      return `replay will cancel ${countOf(queries.length, 'query', 'queries')} after ${formatDuration(Math.max(0, maxDelayMs))}: ${whose}`
    case 'stall':
      return `replay will stall ${until} behind ${countOf(queries.length, 'query', 'queries')}: ${whose}`
  }
}
