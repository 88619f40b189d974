import { filterLines } from '../../../electron/events/filter-lines.ts'
import { isFailureItself } from '../../../electron/events/place-in-log.ts'
import { createLineMaker } from '../../../electron/events/to-log-line.ts'
import type { LogFilter, LogLine, LogMatches, LogPage, LogQuery } from '../../../shared/api/log-line.ts'
import type { RunView } from '../../../shared/api/run-view.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import { toPattern } from '../../../shared/log/match-text.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'
import { sampleRunView } from './sample-views.ts'

export const sampleRunId = '01KSAMPLERUN000000000000AA'

/** A log of any length whose lines are made when they are asked for. */
export function createLongLog(length: number) {
  const asked: { from: number; count: number }[] = []
  let total = length
  return {
    asked,
    write(count: number) {
      total += count
    },
    range(_filter: LogFilter, from: number, count: number): LogPage {
      asked.push({ from, count })
      const size = Math.max(0, Math.min(count, total - from))
      return {
        lines: Array.from({ length: size }, (_, index) => madeLine(from + index)),
        from,
        total,
        all: total,
      }
    },
  }
}

function madeLine(position: number): LogLine {
  const tenant = `tenant-${String(position % 1_000).padStart(4, '0')}`
  return {
    line: position + 1,
    at: new Date(Date.parse('2026-11-22T10:00:00.000Z') + position).toISOString(),
    level: position % 5_000 === 4_999 ? 'error' : position % 700 === 699 ? 'warning' : 'info',
    source: 'migration',
    phase: 'migration_execution',
    group: 'rest',
    tenant,
    gate: null,
    attempt: 1,
    type: 'statement.executed',
    text: `statement ${position % 7} of ${tenant}: alter table shop.orders add column refunded_at timestamptz`,
  }
}

const orphaned: Failure = sampleRunView('0.1.0-duplicate-rows').state.tenants.flatMap(tenant =>
  tenant.failure === null ? [] : [tenant.failure],
)[0]!

/** The events of a run over many tenants, of which the named ones vote no. */
export function makeRun(tenants: number, failing: readonly number[] = [], upTo: 'end' | 'middle' = 'end') {
  const events: RunEvent[] = []
  let time = Date.parse('2026-11-22T10:00:00.000Z')
  const add = (fact: RunFact, stepMs = 3): void => {
    time += stepMs
    const at = new Date(time).toISOString()
    events.push({ v: 1, runId: sampleRunId, seq: events.length + 1, at, ...fact })
  }
  const names = Array.from({ length: tenants }, (_, index) => `tenant-${String(index).padStart(4, '0')}`)
  // A run that fails does so in its first group: nothing was committed before.
  const canary = failing.length > 0 ? [] : names.slice(0, Math.min(5, Math.ceil(tenants / 10)))
  const groups = [
    { name: 'canary', tenants: canary },
    { name: 'rest', tenants: names.slice(canary.length) },
  ].filter(group => group.tenants.length > 0)
  const plan: Plan = {
    ...(sampleRunView('0.1.0-migrated').state.plan as Plan),
    groups: groups.map((group, index) => ({
      name: group.name,
      wave: index + 1,
      mode: 'atomic',
      modeReason: 'every step is transactional',
      parallel: 8,
      tenants: group.tenants.map(tenant => ({
        tenant,
        cluster: 'main',
        database: tenant,
        from: ['0002'],
        route: 'a',
        fingerprint: 'a'.repeat(64),
      })),
    })),
  }
  const ofPhase = (phase: 'topology_discovery' | 'planning' | 'safety_gate_validation' | 'approval') => {
    add({ type: 'phase.started', phase, group: null })
    if (phase === 'topology_discovery') {
      add({
        type: 'tenants.discovered',
        tenants: names.map(name => ({ name, cluster: 'main', database: name, appRole: null })),
      })
    }
    if (phase === 'planning') add({ type: 'plan.made', plan })
    if (phase === 'safety_gate_validation') {
      for (const gate of ['revision_graph', 'replica_lag', 'foreign_keys']) {
        add({ type: 'gate.started', gate })
        add({
          type: 'gate.judged',
          gate,
          momentary: gate === 'replica_lag',
          answer: { verdict: 'passed', value: '0', threshold: '0', evidence: [], remedy: '' },
          volatile: { durationMs: 12 },
        })
      }
    }
    if (phase === 'approval') {
      add({ type: 'approval.recorded', planId: plan.planId, how: 'named', volatile: { by: 'ada' } })
    }
    add({
      type: 'phase.finished',
      phase,
      group: null,
      status: 'success',
      message: '',
      volatile: { durationMs: 40 },
    })
  }
  add({
    type: 'run.started',
    project: 'demo-shop',
    toolVersion: '0.1.0',
    intent: { verb: 'run', target: [], tenants: [] },
    volatile: {},
  })
  ofPhase('topology_discovery')
  ofPhase('planning')
  ofPhase('safety_gate_validation')
  ofPhase('approval')
  add({ type: 'phase.started', phase: 'rollback_snapshot', group: null })
  for (const tenant of names) {
    add({ type: 'snapshot.taken', tenant, heads: ['0002'], fingerprint: 'a'.repeat(64), volatile: {} }, 1)
  }
  add({
    type: 'phase.finished',
    phase: 'rollback_snapshot',
    group: null,
    status: 'success',
    message: `${tenants} snapshots`,
    volatile: { durationMs: 240 },
  })
  for (const group of groups) {
    const half = upTo === 'middle' && group.name === 'rest'
    const failed = group.tenants.filter(tenant => failing.some(index => names[index] === tenant))
    add({ type: 'phase.started', phase: 'migration_execution', group: group.name })
    add({ type: 'group.started', group: group.name, mode: 'atomic', tenants: group.tenants, volatile: {} })
    const begun = half ? group.tenants.slice(0, Math.ceil(group.tenants.length / 2)) : group.tenants
    for (const tenant of begun) {
      add(
        { type: 'tenant.started', group: group.name, tenant, from: ['0002'], to: ['0003'], volatile: {} },
        1,
      )
      add({
        type: 'statement.executed',
        group: group.name,
        tenant,
        revision: '0003',
        index: 1,
        sql: 'create unique index uq_users_email on shop.users (email)',
        volatile: { durationMs: 5 },
      })
      const isFailed = failed.includes(tenant)
      if (!isFailed)
        add({ type: 'revision.applied', group: group.name, tenant, revision: '0003', volatile: {} })
      add({
        type: 'tenant.voted',
        group: group.name,
        tenant,
        vote: isFailed ? 'no' : 'yes',
        failure: isFailed ? orphaned : null,
        fingerprint: isFailed ? null : 'b'.repeat(64),
        volatile: isFailed ? {} : { gid: `lockstep:${tenant}`, xid: '1' },
      })
    }
    if (half) return events
    const decision = failed.length > 0 ? 'rollback' : 'commit'
    add({ type: 'group.decided', group: group.name, decision, failure: failed.length > 0 ? orphaned : null })
    for (const tenant of group.tenants) {
      if (decision === 'commit') add({ type: 'tenant.committed', group: group.name, tenant, volatile: {} }, 1)
      else add({ type: 'tenant.rolled_back', group: group.name, tenant, how: 'prepared', volatile: {} }, 1)
    }
    add({
      type: 'group.finished',
      group: group.name,
      result: decision === 'commit' ? 'committed' : 'rolled_back',
      volatile: { windowMs: 900 },
    })
    add({
      type: 'phase.finished',
      phase: 'migration_execution',
      group: group.name,
      status: failed.length > 0 ? 'failed' : 'success',
      message: failed.length > 0 ? `${failed.length} voted no` : 'committed',
      volatile: { durationMs: 4_000 },
    })
    if (failed.length === 0) continue
    add({ type: 'phase.started', phase: 'rollback', group: group.name })
    for (const tenant of group.tenants) {
      add({ type: 'rollback.proven', tenant, equal: true, before: 'a'.repeat(64), found: 'a'.repeat(64) }, 1)
    }
    add({
      type: 'phase.finished',
      phase: 'rollback',
      group: group.name,
      status: 'success',
      message: 'every tenant proven to be as before',
      volatile: { durationMs: 700 },
    })
    add({
      type: 'run.finished',
      outcome: 'rolled_back',
      exitCode: 5,
      failure: orphaned,
      volatile: { durationMs: 9_400 },
    })
    return events
  }
  add({
    type: 'run.finished',
    outcome: 'migrated',
    exitCode: 0,
    failure: null,
    volatile: { durationMs: 9_400 },
  })
  return events
}

/** A run as the engine gives it, from its events. */
export function viewOf(events: readonly RunEvent[], changes: Partial<RunView> = {}): RunView {
  const state = foldAll(events)
  const view = sampleRunView('0.1.0-migrated')
  const alive = state.outcome === null
  return {
    ...view,
    summary: {
      ...view.summary,
      runId: state.runId ?? '',
      project: state.project,
      startedAt: state.startedAt,
      outcome: state.outcome,
      exitCode: state.exitCode,
      alive,
    },
    state,
    ...changes,
  }
}

/** What the engine answers about the log of these events. */
export function logOf(read: () => readonly RunEvent[]) {
  let kept: { readonly length: number; readonly key: string; readonly lines: readonly LogLine[] } | null =
    null
  const linesOf = (filter: LogFilter): readonly LogLine[] => {
    const events = read()
    const key = JSON.stringify(filter)
    if (kept?.length === events.length && kept.key === key) return kept.lines
    const lines = filterLines(events.map(createLineMaker()), filter)
    kept = { length: events.length, key, lines }
    return lines
  }
  return {
    range(input: { filter: LogFilter; from: number; count: number }): LogPage {
      const lines = linesOf(input.filter)
      return {
        lines: lines.slice(input.from, input.from + input.count),
        from: input.from,
        total: lines.length,
        all: read().length,
      }
    },
    search(input: { filter: LogFilter; query: LogQuery }): LogMatches {
      const pattern = toPattern(input.query)
      if ('problem' in pattern) return { total: 0, positions: [], problem: pattern.problem }
      const regex = new RegExp(pattern.source, pattern.flags.replace('g', ''))
      const positions = linesOf(input.filter).flatMap((line, index) => (regex.test(line.text) ? [index] : []))
      return { total: positions.length, positions, problem: null }
    },
    firstFailure(input: { filter: LogFilter }) {
      const failing = new Set(read().flatMap(event => (isFailureItself(event) ? [event.seq] : [])))
      const lines = linesOf(input.filter)
      const position = lines.findIndex(({ line }) => failing.has(line))
      return position < 0 ? { position: null, line: null } : { position, line: lines[position]!.line }
    },
  }
}
