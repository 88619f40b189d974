import { breaksApply, type SubscriberDifference } from '../../../shared/analysis/subscriber-forecast.ts'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { countOf, formatBytes } from '../../../shared/text/plain-words.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { answerFromFindings, type Finding } from '../checks/finding.ts'
import type { SmokeContext, SmokeTest } from '../checks/smoke-test.ts'
import { listDifferences, remedyFor } from '../gates/replicas/subscriber-findings.ts'
import type { Clock } from '../ports/clock.ts'
import type { HeldSubscription, SlotProgress, SubscriberFacts } from '../ports/subscriber-facts.ts'
import { compareTables } from '../subscribers/compare-tables.ts'
import { readSubscribers, type SubscribedTenant } from '../subscribers/read-subscribers.ts'
import { selectPublished } from '../subscribers/select-published.ts'

/** What the test asks, and how long it waits. */
export interface SubscribersTestOptions {
  readonly facts: SubscriberFacts
  /** Where a primary inserts now. */
  readonly currentLsn: (primary: string, signal: AbortSignal) => Promise<string>
  readonly deadlineSeconds: number
  readonly clock: Clock
}

/** Where a subscriber that stays behind is only a warning, it is not waited for for long. */
const timeoutSeconds = 10

interface Checked {
  readonly subscription: HeldSubscription
  readonly differences: readonly SubscriberDifference[]
  readonly progress: SlotProgress
}

/** Compares what declared logical subscribers hold with what a group publishes now, and waits until they have it. */
export function createSubscribersTest(options: SubscribersTestOptions): SmokeTest {
  return {
    name: 'subscribers',
    momentary: true,
    async judge({ tenants, topology, settings }, signal) {
      const stops = settings.replay_conflict.subscribers === 'fail'
      const seconds = stops ? options.deadlineSeconds : Math.min(options.deadlineSeconds, timeoutSeconds)
      const threshold = `every subscription fits, and confirms within ${seconds} s`
      const untilMs = options.clock.monotonicMs() + seconds * 1_000
      const findings = await judgeAll({ topology, tenants, untilMs, stops }, options, signal)
      const silent = topology.clusters.flatMap(({ subscribers = [] }) =>
        subscribers.filter(({ role }) => role === 'unreachable').map(({ server }) => describeSilent(server)),
      )
      const all = [...silent, ...findings]
      const well = all.filter(({ verdict }) => verdict === 'passed').length
      const value = `${well} of ${countOf(all.length, 'subscription')} well`
      if (all.length > 0) return answerFromFindings(all, { value, threshold })
      return {
        verdict: 'not_applicable',
        value: 'it has no subscribers',
        threshold,
        evidence: [],
        remedy: '',
      }
    },
  }
}

function describeSilent(server: string): Finding {
  const fact = 'it could not be asked, so it is not known whether it fits'
  return { verdict: 'warned', evidence: { server, fact }, remedy: `See why ${server} does not answer.` }
}

interface Question extends Pick<SmokeContext, 'topology' | 'tenants'> {
  /** When waiting ends, on the clock that only grows. */
  readonly untilMs: number
  readonly stops: boolean
}

async function judgeAll(
  question: Question,
  options: SubscribersTestOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    const { topology, tenants } = question
    const found = await readSubscribers(topology.clusters, tenants, options.facts, signal)
    return (await mapConcurrently(found, 4, one => judgeTenant(one, question, options, signal))).flat()
  } catch (error) {
    // What is only a warning must not stop a run because it cannot be asked.
    if (question.stops || signal.aborted) throw error
    const { what, why } = describeFailure(toFailure(error))
    const fact = [what, why].filter(text => text !== '').join(' ')
    return [{ verdict: 'warned', evidence: { fact }, remedy: 'lockstep topology shows who answers.' }]
  }
}

async function judgeTenant(
  { tenant, cluster, publications, owners }: SubscribedTenant,
  { untilMs, stops }: Question,
  { facts, currentLsn, clock }: SubscribersTestOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const primary = cluster.primary.server
  const findings = await mapConcurrently(owners, 4, async ({ slot, owner }) => {
    if (!owner) return []
    const { server, subscription } = owner
    const published = selectPublished(publications, subscription.publications, tenant.schema)
    const held = await facts.readTables(server, subscription.database, signal)
    const differences = compareTables(published.tables, held, subscription.name)
    // One that has stopped, or will stop at the next row, need not be waited for.
    const mayFollow = subscription.isEnabled && !differences.some(breaksApply)
    const target = { slot: slot.name, lsn: await currentLsn(primary, signal) }
    const deadlineMs = mayFollow ? Math.max(0, untilMs - clock.monotonicMs()) : 0
    const progress = await facts.waitForSlot(primary, target, deadlineMs, signal)
    return [describeChecked(tenant.name, server, { subscription, differences, progress }, stops)]
  })
  return findings.flat()
}

function describeChecked(
  tenant: string,
  server: string,
  { subscription, differences, progress }: Checked,
  stops: boolean,
): Finding {
  const { hasReached, missingBytes } = progress
  const breaks = differences.some(breaksApply)
  const isWell = differences.length === 0 && hasReached
  const facts = [
    differences.length === 0 ? 'fits what is published' : `differs: ${listDifferences(differences)}`,
    subscription.isEnabled ? '' : 'is disabled',
    hasReached
      ? 'has confirmed the commit'
      : `has not confirmed the commit, ${formatBytes(missingBytes)} behind`,
    subscription.applyErrors ? countOf(subscription.applyErrors, 'apply error') : '',
  ].filter(Boolean)
  return {
    verdict: isWell ? 'passed' : stops && (breaks || !hasReached) ? 'failed' : 'warned',
    evidence: { tenant, server, fact: `subscription ${subscription.name} ${facts.join(', ')}` },
    remedy:
      differences.length > 0
        ? remedyFor(server, subscription.name, differences)
        : isWell
          ? ''
          : `See why ${subscription.name} does not follow: the server log of ${server}.`,
  }
}
