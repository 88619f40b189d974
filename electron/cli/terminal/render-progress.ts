import { describePhase } from '../../../shared/run/phase.ts'
import type { GroupState, PhaseState, RunState } from '../../../shared/run/run-state.ts'
import { formatBytes, formatDuration, toOneLine } from '../../../shared/text/plain-words.ts'
import { describeWaits } from '../../events/describe-waits.ts'
import { hasVoted, markPhase } from './status-marks.ts'
import { type StyledLine, span } from './styled-line.ts'

const barWidth = 20

/** What a person watching sees: phases, groups, lag, and what is being waited for. */
export function renderProgress(state: RunState, now: number): readonly StyledLine[] {
  return [...renderPhases(state, now), ...renderGroupBars(state), ...renderLag(state), ...renderWaits(state)]
}

/** The phases so far, one line each. */
export function renderPhases(state: RunState, now: number): readonly StyledLine[] {
  return state.phases.map(phase => {
    const name = describePhase(phase.phase) + (phase.group === null ? '' : ` · ${toOneLine(phase.group)}`)
    return [
      span(' '),
      markPhase(phase.status),
      span(` ${name.padEnd(34)} `),
      span(formatDuration(measurePhase(phase, now)).padStart(9), 'quiet'),
      span(`  ${toOneLine(phase.message)}`, phase.status === 'failed' ? 'bad' : 'quiet'),
    ]
  })
}

function measurePhase(phase: PhaseState, now: number): number {
  if (phase.durationMs !== null) return phase.durationMs
  const end = phase.finishedAt === null ? now : Date.parse(phase.finishedAt)
  return Math.max(0, end - Date.parse(phase.startedAt))
}

/** A bar per group that has begun and has no result yet, or has one while others are under way. */
function renderGroupBars(state: RunState): readonly StyledLine[] {
  if (!state.groups.some(group => group.started)) return []
  return state.groups.map(group => {
    const { done, total } = countDone(state, group)
    const filled = total === 0 ? barWidth : Math.floor((done / total) * barWidth)
    const bar = '#'.repeat(filled) + '.'.repeat(barWidth - filled)
    const isBad = group.decision === 'rollback' || group.result === 'unsettled'
    return [
      span(`   ${toOneLine(group.group).padEnd(12)} `),
      span(`[${bar}]`, isBad ? 'bad' : group.result === 'committed' ? 'good' : 'running'),
      span(` ${done}/${total} `),
      span(describeGroup(group, done === total), 'quiet'),
    ]
  })
}

function countDone(state: RunState, group: GroupState): { readonly done: number; readonly total: number } {
  const members = state.tenants.filter(tenant => tenant.group === group.group)
  const done = members.filter(tenant =>
    group.decision === null ? hasVoted(tenant.status) : isSettled(tenant.status),
  )
  return { done: done.length, total: members.length }
}

function isSettled(status: RunState['tenants'][number]['status']): boolean {
  return hasVoted(status) && status !== 'prepared'
}

function describeGroup(group: GroupState, hasAllVotes: boolean): string {
  if (group.result !== null) return group.result.replaceAll('_', ' ')
  if (group.decision === 'commit') return 'committing'
  if (group.decision === 'rollback') return 'rolling back'
  if (!group.started) return 'waiting'
  return hasAllVotes ? 'every vote is in' : 'voting'
}

function renderLag(state: RunState): readonly StyledLine[] {
  if (state.standbys.length === 0) return []
  const lags = state.standbys.map(standby => {
    const seconds = standby.lagSeconds === null ? '' : `, ${standby.lagSeconds.toFixed(1)} s`
    return `${toOneLine(standby.server)} ${formatBytes(standby.lagBytes)}${seconds}`
  })
  return [[span('   behind       ', 'quiet'), span(lags.join('   '))]]
}

function renderWaits(state: RunState): readonly StyledLine[] {
  const waits = describeWaits(state)
  return waits === '' ? [] : [[span('   waiting for  ', 'quiet'), span(waits)]]
}
