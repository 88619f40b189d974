import { groupRevisions } from '../../../shared/analysis/group-revisions.ts'
import type { AttentionItem, FleetView } from '../../../shared/api/overview-view.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import type { ActiveRun } from '../../../shared/api/session-view.ts'
import type { LagSample } from '../../../shared/api/topology-view.ts'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import type { MissingLog } from '../../../shared/failure/run-failure.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import { allowsRun } from '../../../shared/plan/verdict.ts'
import type { Outcome } from '../../../shared/run/outcome.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { countOf, formatBytes, formatHeads, listNames } from '../../../shared/text/plain-words.ts'
import { describeTopologyFinding } from '../../../shared/topology/describe-finding.ts'
import type { TopologyFinding } from '../../../shared/topology/discovered-project.ts'
import type { OtherRun } from '../../engine/open-runs/split-votes.ts'
import { describeOtherRun } from '../describe-other-run.ts'
import type { OpenPlan } from './find-open-plan.ts'
import type { ReadinessSources } from './judge-readiness-of.ts'

/** What the list is made from. */
export interface AttentionFacts extends ReadinessSources {
  /** The newest run of the project that came to its end. */
  readonly lastRun: RunSummary | null
  readonly active: readonly ActiveRun[]
  readonly lag: readonly LagSample[]
  readonly maxLagBytes: number
  readonly findings: readonly TopologyFinding[]
  /** Runs of other projects with votes on the same servers. */
  readonly others: readonly OtherRun[]
}

const order: readonly AttentionItem['kind'][] = [
  'failed',
  'needs_human',
  'waiting',
  'running',
  'stale',
  'note',
]

/** Everything that a person should look at, the worst first. */
export function listAttention(facts: AttentionFacts): readonly AttentionItem[] {
  const items = [
    ...describePlan(facts.plan),
    ...describeLastRun(facts.lastRun),
    ...describeUnproven(facts),
    ...describeUnfinished(facts),
    ...describeActive(facts.active),
    ...describeReading(facts.failure),
    ...describeLag(facts),
    ...describeDrift(facts.fleet),
    ...facts.others.map(
      (run): AttentionItem => ({
        kind: 'note',
        text: describeOtherRun(run),
        action: { kind: 'none' },
      }),
    ),
    ...facts.findings.filter(finding => finding.severity !== 'note').map(noteFinding),
  ]
  return order.flatMap(kind => items.filter(item => item.kind === kind))
}

function describePlan(kept: OpenPlan | null): readonly AttentionItem[] {
  if (kept === null) return []
  const action = { kind: 'open_plan', planId: kept.plan.planId } as const
  const failed = kept.gates
    .filter(check => !allowsRun(check.answer.verdict))
    .map(({ gate, answer }): AttentionItem => {
      const verdict = answer.verdict === 'inconclusive' ? 'could not be judged' : `failed: ${answer.value}`
      return { kind: 'failed', text: `Gate ${gate} ${verdict}`, action }
    })
  const tenants = listMigrating(kept.plan)
  const what = `A plan for ${countOf(tenants.length, 'tenant')} to ${formatHeads(kept.plan.target)}`
  const text =
    kept.record.state === 'approved' ? `${what} is approved and not applied` : `${what} waits for approval`
  return [...failed, { kind: 'waiting', text, action }]
}

const failedOutcomes: readonly Outcome[] = ['tool_failed', 'config_invalid', 'stopped_by_gate', 'rolled_back']

function describeLastRun(run: RunSummary | null): readonly AttentionItem[] {
  if (run?.outcome == null || !failedOutcomes.includes(run.outcome)) return []
  const isGate = run.outcome === 'stopped_by_gate'
  return [
    {
      kind: 'failed',
      text: describeEnd(run.outcome),
      action: { kind: 'open_run', runId: run.runId, part: isGate ? 'gates' : 'overview' },
    },
  ]
}

function describeEnd(outcome: Outcome): string {
  switch (outcome) {
    case 'rolled_back':
      return 'The last run failed and was rolled back'
    case 'stopped_by_gate':
      return 'The last run was stopped by a gate'
    case 'config_invalid':
      return 'The last run was not begun: its configuration is wrong'
    default:
      return 'The last run failed'
  }
}

function describeUnproven({ unproven, lastRun }: AttentionFacts): readonly AttentionItem[] {
  if (unproven === null) return []
  const action = { kind: 'open_run', runId: unproven.runId, part: 'tenants' } as const
  const which = unproven.runId === lastRun?.runId ? 'The last run' : 'An earlier run'
  return [{ kind: 'needs_human', text: `${which} left a state that a human must settle`, action }]
}

function describeUnfinished({ blocked }: AttentionFacts): readonly AttentionItem[] {
  if (blocked?.kind !== 'run_unfinished') return []
  if (blocked.project !== undefined)
    return [{ kind: 'needs_human', text: describeFailure(blocked).what, action: { kind: 'none' } }]
  const action = { kind: 'recover', runId: blocked.runId } as const
  const isDamaged = blocked.damage !== undefined && blocked.log === undefined
  const what = isDamaged
    ? 'A run was cut off, and its log is damaged: it'
    : blocked.log === undefined
      ? 'A run was cut off and'
      : `A run may have been cut off, and its log ${describeLost(blocked.log)}: it`
  return [{ kind: 'needs_human', text: `${what} has to be recovered`, action }]
}

function describeLost(log: MissingLog): string {
  switch (log) {
    case 'elsewhere':
      return 'is not here'
    case 'emptied':
      return 'is empty'
    case 'unreadable':
      return 'cannot be read'
    default:
      return assertNever(log)
  }
}

function describeActive(active: readonly ActiveRun[]): readonly AttentionItem[] {
  return active.map(({ runId, control, isOurs }) => ({
    kind: 'running',
    text: isOurs ? `A run is ${control}` : 'A run of another process is at work',
    action: { kind: 'open_run', runId, part: 'overview' },
  }))
}

function describeReading(failure: Failure | null): readonly AttentionItem[] {
  if (failure === null) return []
  return [{ kind: 'stale', text: describeFailure(failure).what, action: { kind: 'open_topology' } }]
}

function describeLag({ lag, maxLagBytes }: AttentionFacts): readonly AttentionItem[] {
  return lag.flatMap((sample): AttentionItem[] => {
    const text = describeSample(sample, maxLagBytes)
    return text === null ? [] : [{ kind: 'stale', text, action: { kind: 'open_topology' } }]
  })
}

function describeSample({ server, state, bytes }: LagSample, maxBytes: number): string | null {
  if (state === 'paused') return `Replay is paused on ${server}`
  if (state === 'not_streaming') return `${server} does not stream`
  if (state === 'missing') return `${server} does not answer`
  if (bytes === null || bytes <= maxBytes) return null
  return `${server} is ${formatBytes(bytes)} behind, more than ${formatBytes(maxBytes)}`
}

function describeDrift(fleet: FleetView | null): readonly AttentionItem[] {
  if (fleet === null) return []
  return groupRevisions(fleet.classes).flatMap(({ revision, outliers: names }): AttentionItem[] => {
    if (names.length === 0) return []
    const text = `At ${revision}, the schema of ${listNames(names)} differs from that of the other tenants`
    return [{ kind: 'note', text, action: { kind: 'open_topology' } }]
  })
}

function noteFinding(finding: TopologyFinding): AttentionItem {
  return { kind: 'note', text: describeTopologyFinding(finding).what, action: { kind: 'open_topology' } }
}
