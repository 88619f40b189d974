import type { NextAction } from '../../../shared/plan/readiness.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { describeOtherRun } from '../../app/describe-other-run.ts'
import type { FleetStatus } from '../../app/status/read-status.ts'
import { formatFailure } from '../output/print-failure.ts'
import { describeRun } from './describe-run.ts'
import { formatLeftCopies } from './format-left-copies.ts'
import { formatPassedOver } from './format-passed-over.ts'
import { formatTable } from './format-table.ts'
import { describeSubscriptions } from './format-topology.ts'
import { formatUnreadable } from './format-unreadable.ts'

/** Where the fleet stands, the one next action first. */
export function formatStatus(status: FleetStatus): string {
  const rows = status.tenants.map(tenant => [
    tenant.tenant,
    tenant.heads.join('+') || 'empty',
    describeDistance(tenant.behind),
  ])
  const unreadable = status.unreadable.map(one => [one.tenant, '-', formatUnreadable(one)])
  const subscribers = status.topology.clusters
    .flatMap(cluster => cluster.subscribers ?? [])
    .map(one => [one.server, one.role, describeSubscriptions(one.subscriptions ?? [])])
  const runs = status.lastRuns.map(run => [
    run.runId,
    run.startedAt ?? '-',
    describeRun(run, status.lastRuns, status.project),
  ])
  return [
    `${status.project}: ${verdictOf(status)}\n\n`,
    formatTable(['tenant', 'revision', 'state'], [...rows, ...unreadable]),
    status.topology.passedOver ? `\n${formatPassedOver(status.topology)}` : '',
    subscribers.length > 0
      ? `\n${formatTable(['subscriber', 'observed', 'subscriptions'], subscribers)}`
      : '',
    runs.length > 0 ? `\n${formatTable(['run', 'started', 'outcome'], runs)}` : '',
    status.otherRuns.map(run => `\n${describeOtherRun(run)}\n`).join(''),
    formatLeftCopies(status.leftCopies),
  ].join('')
}

function describeDistance(behind: number | null): string {
  if (behind === null) return 'a run is open'
  return behind === 0 ? 'at the target' : `${behind} behind`
}

function verdictOf({ blocked, readiness }: FleetStatus): string {
  if (blocked) return `blocked\n${formatFailure(blocked).trimEnd()}`
  const next = commandFor(readiness.action)
  return `${readiness.reason}${next === '' ? '' : ` Next: ${next}`}`
}

/** The next action as a command. */
function commandFor(action: NextAction): string {
  switch (action.kind) {
    case 'make_plan':
      return 'lockstep plan'
    case 'open_plan':
      return `lockstep run --plan-id ${action.planId.slice(0, 12)}`
    case 'open_run':
      return `lockstep log ${action.runId} --follow`
    case 'recover':
      return `lockstep recover ${action.runId}`
    case 'open_topology':
      return 'lockstep topology'
    case 'choose_project':
      return 'lockstep init'
    case 'none':
      return ''
    default:
      return assertNever(action)
  }
}
