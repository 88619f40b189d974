import type { PlanAnalysis } from '../../shared/analysis/plan-analysis.ts'
import type { ReplayForecast } from '../../shared/analysis/replay-forecast.ts'
import {
  breaksApply,
  describeDifference,
  type SubscriberForecast,
} from '../../shared/analysis/subscriber-forecast.ts'
import { countOf, formatDuration } from '../../shared/text/plain-words.ts'
import { LongList } from '../ui/long-list.tsx'
import { NameList } from '../ui/name-list.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import styles from './analysis.module.css'

/** What standbys and logical subscribers will meet when the plan runs; nothing where there is neither. */
export function FollowersForecast({ analysis }: { readonly analysis: PlanAnalysis | null }) {
  const forecast = analysis?.forecast ?? []
  const subscribers = (analysis?.subscribers ?? []).filter(one => one.differences.length > 0)
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
            <span>
              {describeForecast(one)}
              {one.queries.length > 0 && ': '}
              <NameList
                names={one.queries.map(query => `${query.application || 'a query'} (process ${query.pid})`)}
                what="queries"
                atFirst={4}
              />
            </span>
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
      <LongList items={groupAlike(subscribers)} noun="group" atFirst={6} className={styles.followers}>
        {({ server, names, differences }) => (
          <>
            <StatusMark status="warned" word={nameFollower(server, names)} />
            <span>
              {differences.some(breaksApply) ? 'will stop: ' : ''}
              <NameList names={differences.map(describeDifference)} what="differences" atFirst={4} />
            </span>
            {names.length > 1 && (
              <span className="quiet">
                <NameList names={names} what="subscriptions" atFirst={4} />
              </span>
            )}
          </>
        )}
      </LongList>
    </section>
  )
}

function describeForecast({ effect, maxDelayMs, queries }: ReplayForecast): string {
  const until = maxDelayMs < 0 ? 'until they end by themselves' : `for up to ${formatDuration(maxDelayMs)}`
  switch (effect) {
    case 'clear':
      return 'no query there holds a table that the plan locks'
    case 'cancel':
      return `replay will cancel ${countOf(queries.length, 'query', 'queries')} after ${formatDuration(Math.max(0, maxDelayMs))}`
    case 'stall':
      return `replay will stall ${until} behind ${countOf(queries.length, 'query', 'queries')}`
  }
}

interface AlikeSubscribers {
  /** Null where it is not declared. */
  readonly server: string | null
  readonly names: readonly string[]
  readonly differences: SubscriberForecast['differences']
}

/** Subscribers of many tenants lack the same as a rule: these are told once, those that stop first. */
function groupAlike(subscribers: readonly SubscriberForecast[]): readonly AlikeSubscribers[] {
  const groups = new Map<
    string,
    { server: string | null; names: string[]; differences: SubscriberForecast['differences'] }
  >()
  for (const { server, slot, subscription, tenant, differences } of subscribers) {
    const key = JSON.stringify([server, differences])
    const group = groups.get(key) ?? { server, names: [], differences }
    groups.set(key, group)
    group.names.push(server === null ? `slot ${slot} of ${tenant}` : `${subscription} of ${tenant}`)
  }
  const stops = ({ differences }: AlikeSubscribers): number => Number(differences.some(breaksApply))
  return [...groups.values()].sort((a, b) => stops(b) - stops(a))
}

function nameFollower(server: string | null, names: readonly string[]): string {
  const what =
    names.length === 1 ? (names[0] ?? '') : countOf(names.length, server === null ? 'slot' : 'subscription')
  return server === null ? what : `${server}, ${what}`
}
