import type { ReplayForecast } from '../../../shared/foresight/replay-forecast.ts'
import { countOf, formatDuration, listNames } from '../../../shared/plain-words.ts'
import type { Gate, GateContext } from '../gate.ts'
import { forecastReplay } from '../rehearsal/forecast-replay.ts'
import { answerFromFindings, type Finding } from './finding.ts'
import { findRehearsed } from './rehearsed.ts'

/** Stops a run whose exclusive locks would hold up replay on a standby; says which queries there would be cancelled. */
export const replayConflict: Gate = {
  name: 'replay_conflict',
  title: 'Standbys can follow',
  why: 'Replay of an exclusive lock waits for the queries in its way, and cancels them when it has waited long enough.',
  momentary: true,
  async judge(context, signal) {
    const { maxStallSeconds } = context.settings.replay_conflict
    const threshold = `replay waits at most ${maxStallSeconds} s`
    const { answer } = findRehearsed(context, threshold)
    const { rehearsal } = context.foresight
    if (answer !== null || rehearsal === null) return answer ?? nothing(threshold)
    const forecast = await forecastReplay({ ...context, rehearsal }, context, signal)
    if (forecast.length === 0) return nothing(threshold)
    const queries = forecast.reduce((sum, one) => sum + one.queries.length, 0)
    const value = `${countOf(queries, 'query', 'queries')} in the way on ${countOf(forecast.length, 'standby', 'standbys')}`
    return answerFromFindings(
      forecast.map(one => judgeStandby(context, one)),
      { value, threshold },
    )
  },
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
