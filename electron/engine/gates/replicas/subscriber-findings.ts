import {
  breaksApply,
  describeDifference,
  type SubscriberDifference,
  type SubscriberForecast,
} from '../../../../shared/analysis/subscriber-forecast.ts'
import { listNames } from '../../../../shared/text/plain-words.ts'
import type { GateSettings } from '../../../settings/policy.ts'
import type { Finding } from '../../checks/finding.ts'

type Settings = Pick<GateSettings['replay_conflict'], 'subscribers'>

/** What a plan means for each logical subscriber, as findings of a gate. */
export function findSubscriberTrouble(
  forecasts: readonly SubscriberForecast[],
  settings: Settings,
): readonly Finding[] {
  return forecasts.flatMap(({ tenant, server, slot, subscription, differences }): readonly Finding[] => {
    if (server === null) return findUnknown(tenant, slot, differences)
    const name = `subscription ${subscription}`
    if (differences.length === 0) {
      const fact = `${name} has everything that will be published`
      return [{ verdict: 'passed', evidence: { tenant, server, fact }, remedy: '' }]
    }
    const breaks = differences.some(breaksApply)
    const what = breaks ? 'will stop at the next change' : 'will not hold all that is published'
    return [
      {
        verdict: breaks && settings.subscribers === 'fail' ? 'failed' : 'warned',
        evidence: { tenant, server, fact: `${name} ${what}: ${listDifferences(differences)}` },
        remedy: remedyFor(server, subscription, differences),
      },
    ]
  })
}

/** A subscriber takes the changes that is not in the configuration, or could not be asked. */
function findUnknown(
  tenant: string,
  slot: string,
  differences: readonly SubscriberDifference[],
): readonly Finding[] {
  if (differences.length === 0) return []
  const objects = listNames(differences.map(({ object }) => object))
  return [
    {
      verdict: 'warned',
      evidence: {
        tenant,
        fact: `the consumer of slot ${slot} will get ${objects}, and it is not known whether it is ready for that`,
      },
      remedy: `Find out who takes the slot ${slot}; declare it under servers with role: subscriber, so that it is looked at.`,
    },
  ]
}

/** The differences in words, the first few of them. */
export function listDifferences(differences: readonly SubscriberDifference[]): string {
  return listNames(differences.map(describeDifference), 4)
}

/** DDL is not replicated: it has to be applied there, and first what adds something. */
export function remedyFor(
  server: string,
  subscription: string,
  differences: readonly SubscriberDifference[],
): string {
  const lacking = differences.filter(({ kind }) => kind !== 'not_taken')
  const isNew = differences.some(({ kind }) => kind === 'not_taken' || kind === 'lacks_table')
  const objects = listNames(lacking.map(({ object }) => object))
  return [
    lacking.length === 0 ? '' : `Make ${objects} on ${server} as published, before the rows come.`,
    isNew ? `Where a table is new, afterwards: alter subscription ${subscription} refresh publication.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}
