import type { FleetStatus } from '../host/read-status.ts'
import { formatTable } from './format-table.ts'
import { formatFailure } from './print-failure.ts'

/** Where the fleet stands, the one next action first. */
export function formatStatus(status: FleetStatus): string {
  const behind = status.tenants.filter(tenant => tenant.behind !== null && tenant.behind > 0)
  const rows = status.tenants.map(tenant => [
    tenant.tenant,
    tenant.heads.join('+') || 'empty',
    describeDistance(tenant.behind),
  ])
  const runs = status.lastRuns.map(run => [
    run.runId,
    run.startedAt ?? '-',
    run.damage ?? run.outcome ?? (run.alive ? 'running' : 'unfinished'),
  ])
  return [
    `${status.project}: ${verdictOf(status, behind.length)}\n\n`,
    formatTable(['tenant', 'revision', 'state'], rows),
    runs.length > 0 ? `\n${formatTable(['run', 'started', 'outcome'], runs)}` : '',
  ].join('')
}

function describeDistance(behind: number | null): string {
  if (behind === null) return 'a run is open'
  return behind === 0 ? 'at the target' : `${behind} behind`
}

function verdictOf(status: FleetStatus, behind: number): string {
  if (status.blocked) return `blocked\n${formatFailure(status.blocked).trimEnd()}`
  if (behind === 0) return `every tenant is at ${status.plan?.target.join(', ')}`
  return `${behind} of ${status.tenants.length} tenants are behind ${status.plan?.target.join(', ')}. Next: lockstep plan`
}
