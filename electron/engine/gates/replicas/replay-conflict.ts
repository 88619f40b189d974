import type { ReplayForecast } from '../../../../shared/analysis/replay-forecast.ts'
import type { GateAnswer } from '../../../../shared/plan/verdict.ts'
import { countOf, formatDuration, listNames } from '../../../../shared/text/plain-words.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import { forecastReplay } from '../../rehearsal/forecast-replay.ts'
import { findRehearsed } from '../plan/rehearsed.ts'
import { findSubscriberTrouble } from './subscriber-findings.ts'

/** Stops a run whose exclusive locks would hold up replay on a standby; says which queries there would be cancelled. */
export const replayConflict: Gate = {
  ...nameGate('replay_conflict'),
  async judge(context, signal) {
    const { maxStallSeconds } = context.settings.replay_conflict
    const threshold = `replay waits at most ${maxStallSeconds} s`
    const { answer } = findRehearsed(context, threshold)
    const { rehearsal } = context.analysis
    if (answer !== null || rehearsal === null) return addSubscribers(answer ?? nothing(threshold), context)
    const forecast = await forecastReplay({ ...context, rehearsal }, context, signal)
    if (forecast.length === 0) return addSubscribers(nothing(threshold), context)
    const queries = forecast.reduce((sum, one) => sum + one.queries.length, 0)
    const value = `${countOf(queries, 'query', 'queries')} in the way on ${countOf(forecast.length, 'standby', 'standbys')}`
    const findings = forecast.map(one => judgeStandby(context, one))
    return addSubscribers(answerFromFindings(findings, { value, threshold }), context, findings)
  },
}

/** Logical subscribers follow rows and no schema: what they lack is said beside what standbys meet. */
function addSubscribers(
  answer: GateAnswer,
  { analysis, settings }: GateContext,
  standbys: readonly Finding[] = [],
): GateAnswer {
  const { subscribers } = analysis
  if (subscribers === undefined) return answer
  const found =
    subscribers === null ? [unknownSubscribers] : findSubscriberTrouble(subscribers, settings.replay_conflict)
  if (found.length === 0) return answer
  const troubled = found.filter(({ verdict }) => verdict !== 'passed').length
  const words = `${troubled} of ${countOf(found.length, 'logical subscription')} not ready`
  const measure = { value: `${answer.value}; ${words}`, threshold: answer.threshold }
  return answerFromFindings([...(standbys.length > 0 ? standbys : asFindings(answer)), ...found], measure)
}

/** What is answered already, so that more can be said beside it. */
function asFindings({ verdict, evidence, remedy }: GateAnswer): readonly Finding[] {
  if (verdict === 'waived') return []
  return evidence.map(one => ({ verdict, evidence: one, remedy }))
}

const unknownSubscribers: Finding = {
  verdict: 'warned',
  evidence: { fact: 'it could not be found out who takes logical changes' },
  remedy: 'lockstep doctor says which server does not answer.',
}

function nothing(threshold: string) {
  const value = 'no exclusive lock reaches a standby'
  return { verdict: 'not_applicable' as const, value, threshold, evidence: [], remedy: '' }
}

function judgeStandby(
  { settings }: GateContext,
  { server, maxDelayMs, queries, effect }: ReplayForecast,
): Finding {
  if (effect === 'clear') {
    return {
      verdict: 'passed',
      evidence: { server, fact: 'no query holds a table that the plan locks' },
      remedy: '',
    }
  }
  const isTooLong = maxDelayMs < 0 || maxDelayMs > settings.replay_conflict.maxStallSeconds * 1_000
  const who = queries.map(
    ({ pid, application, ageSeconds, tables }) =>
      `${application || 'a query'} (process ${pid}, for ${formatDuration(ageSeconds * 1_000)}, ${listNames(tables, 3)})`,
  )
  const what =
    maxDelayMs < 0
      ? 'will stall replay until it ends'
      : `will stall replay for up to ${formatDuration(maxDelayMs)} and cancel ${countOf(queries.length, 'query', 'queries')}`
  return {
    verdict: isTooLong ? 'failed' : 'warned',
    evidence: { server, fact: `${what}: ${listNames(who, 4)}` },
    remedy: `Wait until these queries have ended on ${server}, or end them there: select pg_terminate_backend(pid).`,
  }
}
