import type { ComparisonRow, RunComparison, RunSummary } from '../../../shared/api/run-view.ts'
import { describeVerdict } from '../../../shared/plan/verdict.ts'
import { describePhase, describeStatus } from '../../../shared/run/phase.ts'
import type { PhaseState, RunState } from '../../../shared/run/run-state.ts'
import { compareNames } from '../../../shared/text/compare-names.ts'
import { countOf, formatDuration, formatHeads } from '../../../shared/text/plain-words.ts'

/** One of the two runs. */
export interface ComparedRun {
  readonly summary: RunSummary
  readonly state: RunState
}

/** A value as it is shown, and what of it counts when two are held against each other. */
interface Value {
  readonly text: string
  readonly counts: string
}

const absent: Value = { text: 'not in this run', counts: '' }

/** What differs between two runs; tenants that differ come first. */
export function compareRuns(left: ComparedRun, right: ComparedRun): RunComparison {
  const both = [left.state, right.state] as const
  return {
    left: left.summary,
    right: right.summary,
    rows: [
      compareValues('outcome', 'outcome', both, readOutcome),
      compareValues('plan', 'plan id', both, state => plain(state.plan?.planId ?? 'no plan')),
      compareValues('target', 'target', both, state =>
        plain(state.plan ? formatHeads(state.plan.target) : 'no plan'),
      ),
      compareValues('tool', 'Lockstep', both, state => plain(state.toolVersion ?? 'unknown')),
      compareValues('duration', 'duration', both, state => plain(formatMaybe(state.durationMs) ?? 'no end')),
      ...compareTables('phase', both, readPhases),
      ...compareTables('gate', both, readGates),
      ...compareTables('group', both, readGroups),
    ],
    tenants: compareTenants(left.state, right.state),
  }
}

type Topic = ComparisonRow['topic']
type Both = readonly [RunState, RunState]

function compareValues(
  topic: Topic,
  name: string,
  both: Both,
  read: (state: RunState) => Value,
): ComparisonRow {
  return toRow(topic, name, read(both[0]), read(both[1]))
}

function compareTables(
  topic: Topic,
  both: Both,
  read: (state: RunState) => ReadonlyMap<string, Value>,
): readonly ComparisonRow[] {
  const left = read(both[0])
  const right = read(both[1])
  const names = [...new Set([...left.keys(), ...right.keys()])]
  return names.map(name => toRow(topic, name, left.get(name) ?? absent, right.get(name) ?? absent))
}

function toRow(topic: Topic, name: string, left: Value, right: Value): ComparisonRow {
  return { topic, name, left: left.text, right: right.text, equal: left.counts === right.counts }
}

function compareTenants(left: RunState, right: RunState): RunComparison['tenants'] {
  const statuses = (state: RunState) =>
    new Map(state.tenants.map(({ tenant, status }) => [tenant, status.replaceAll('_', ' ')]))
  const leftOnes = statuses(left)
  const rightOnes = statuses(right)
  const rows = [...new Set([...leftOnes.keys(), ...rightOnes.keys()])].sort(compareNames).map(tenant => ({
    tenant,
    left: leftOnes.get(tenant) ?? absent.text,
    right: rightOnes.get(tenant) ?? absent.text,
  }))
  const differs = (row: (typeof rows)[number]) => row.left !== row.right
  return [...rows.filter(differs), ...rows.filter(row => !differs(row))]
}

function readOutcome(state: RunState): Value {
  if (state.outcome === null) return plain('no end')
  return plain(`${state.outcome.replaceAll('_', ' ')} (exit code ${state.exitCode})`)
}

/** A phase that occurs again, as after a recovery, has a number. How long it took is shown and does not count. */
function readPhases(state: RunState): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>()
  for (const phase of state.phases) {
    const name = `${describePhase(phase.phase)}${phase.group === null ? '' : ` of group ${phase.group}`}`
    let numbered = name
    for (let number = 2; values.has(numbered); number += 1) numbered = `${name} (${number})`
    values.set(numbered, readPhase(phase))
  }
  return values
}

function readPhase({ status, durationMs }: PhaseState): Value {
  const word = status === 'running' || status === 'interrupted' ? status : describeStatus(status)
  const duration = formatMaybe(durationMs)
  return { text: duration === null ? word : `${word}, ${duration}`, counts: word }
}

function readGates(state: RunState): ReadonlyMap<string, Value> {
  return new Map(
    state.gates.map(({ gate, answer }) => {
      if (answer === null) return [gate, plain('not judged')]
      const verdict = describeVerdict(answer.verdict)
      return [gate, { text: answer.value ? `${verdict}: ${answer.value}` : verdict, counts: verdict }]
    }),
  )
}

function readGroups(state: RunState): ReadonlyMap<string, Value> {
  return new Map(
    state.groups.map(({ group, result, mode, tenants }) => [
      group,
      plain(
        `${(result ?? 'not finished').replaceAll('_', ' ')}, ${mode}, ${countOf(tenants.length, 'tenant')}`,
      ),
    ]),
  )
}

function formatMaybe(milliseconds: number | null): string | null {
  return milliseconds === null ? null : formatDuration(milliseconds)
}

function plain(text: string): Value {
  return { text, counts: text }
}
