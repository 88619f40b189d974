import pc from 'picocolors'
import {
  breaksApply,
  describeDifference,
  type SubscriberForecast,
} from '../../../shared/analysis/subscriber-forecast.ts'
import { listNames } from '../../../shared/text/plain-words.ts'

/** What logical subscribers will meet, for reading; empty where each has all that it needs. */
export function formatSubscribers(forecasts: readonly SubscriberForecast[]): string {
  const lines = forecasts
    .filter(({ differences }) => differences.length > 0)
    .map(({ tenant, server, subscription, slot, differences }) => {
      if (server === null)
        return `slot ${slot} of ${tenant}, which no declared subscriber uses: will get ${listNames(differences.map(({ object }) => object))}`
      const stops = differences.some(breaksApply) ? pc.yellow('will stop: ') : ''
      return `${server}, ${subscription} of ${tenant}: ${stops}${listNames(differences.map(describeDifference), 4)}`
    })
  if (lines.length === 0) return ''
  return `\n${pc.bold('Logical subscribers')}  they receive no schema changes\n${lines.map(line => `  ${line}\n`).join('')}`
}
