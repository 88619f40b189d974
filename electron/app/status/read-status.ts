import { listPositions } from '../../../shared/api/list-positions.ts'
import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Readiness } from '../../../shared/plan/readiness.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { Topology, UnreadableTenant } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { findOpenRuns, type OpenRun } from '../../engine/open-runs/find-open-runs.ts'
import { listAtWork } from '../../engine/open-runs/list-at-work.ts'
import type { OtherRun } from '../../engine/open-runs/split-votes.ts'
import type { RunStore, StoredRun } from '../../engine/ports/run-log.ts'
import type { LeftCopies, LeftCopy } from '../ports/left-copies.ts'
import type { PlanStore } from '../ports/plan-store.ts'
import { assessFleet } from './assess-fleet.ts'
import { type FleetPorts, type FleetReading, readFleet } from './read-fleet.ts'

/** Where the fleet stands. */
export interface FleetStatus {
  readonly project: string
  readonly topology: Topology
  /** Null while votes are open, or a run is at work: its tables are locked. */
  readonly plan: Plan | null
  readonly tenants: readonly {
    readonly tenant: string
    readonly heads: readonly string[]
    /** Steps to the target; null while that cannot be planned. */
    readonly behind: number | null
  }[]
  /** Tenants that cannot be read, and why: no run begins that does not leave them out. */
  readonly unreadable: readonly UnreadableTenant[]
  /** Those of this project: others may keep theirs in the same folder. */
  readonly lastRuns: readonly StoredRun[]
  /** What `recover` would settle, in its order; votes that are prepared come before it. */
  readonly openRuns: readonly OpenRun[]
  /** Runs of other projects with votes on the same servers: none of them is settled from here. */
  readonly otherRuns: readonly OtherRun[]
  /** Why a run would be refused right now, or null. */
  readonly blocked: Failure | null
  /** Copies that a process has left which did not live to remove them. */
  readonly leftCopies: readonly LeftCopy[]
  /** "May I migrate now?", as the dashboard answers it. */
  readonly readiness: Readiness
}

interface StatusPorts extends FleetPorts {
  readonly store: Pick<RunStore, 'list' | 'read' | 'readIntact'>
  readonly plans: PlanStore
  readonly leftCopies: Pick<LeftCopies, 'list'>
}

/** Reads the revision of every tenant, whether an earlier run, or one at work, is in the way, and what to do next. */
export async function readStatus(
  config: ProjectConfig,
  ports: StatusPorts,
  signal: AbortSignal,
): Promise<FleetStatus> {
  const { project } = config
  const runs = await ports.store.list()
  const atWork = listAtWork(project, runs)
  const reading = await readFleet({ config, isAtWork: atWork.length > 0 }, ports, signal)
  const { topology, plan, unreadable, others: otherRuns } = reading
  if (reading.failure || topology === null)
    throw new LockstepError(reading.failure ?? toFailure(new Error('no server was asked')))
  const openRuns = await findOpenRuns(project, runs, async id => foldAll(await ports.store.read(id)))
  const leftCopies = await ports.leftCopies.list(signal)
  const active = atWork.map(({ runId }) => ({ runId, control: 'running' as const }))
  const { blocked, readiness } = await assessFleet({ config, reading, runs, openRuns, active }, ports.plans)
  const tenants = listTenants(reading)
  const lastRuns = runs.filter(run => run.project === null || run.project === project).slice(0, 5)
  return {
    project,
    topology,
    plan,
    tenants,
    unreadable,
    lastRuns,
    openRuns,
    otherRuns,
    blocked,
    leftCopies,
    readiness,
  }
}

function listTenants({ plan, heads }: FleetReading): FleetStatus['tenants'] {
  if (plan) return listPositions(plan).map(({ tenant, heads, behind }) => ({ tenant, heads, behind }))
  return [...heads].map(([tenant, heads]) => ({ tenant, heads, behind: null }))
}
