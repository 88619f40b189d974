import type { Failure } from '../../shared/failure.ts'
import { parseGid } from '../../shared/gid.ts'
import type { Plan } from '../../shared/plan.ts'
import type { Topology } from '../../shared/topology.ts'
import type { EnginePorts } from '../engine/engine-ports.ts'
import type { StoredRun } from '../engine/ports/run-log.ts'
import type { Project } from './load-project.ts'
import { previewPlan } from './preview-plan.ts'

/** Where the fleet stands. */
export interface FleetStatus {
  readonly project: string
  readonly topology: Topology
  readonly plan: Plan
  readonly tenants: readonly {
    readonly tenant: string
    readonly heads: readonly string[]
    readonly behind: number
  }[]
  readonly lastRuns: readonly StoredRun[]
  /** Why a run would be refused right now, or null. */
  readonly blocked: Failure | null
}

/** Reads where every tenant stands, and whether an earlier run is in the way. */
export async function readStatus(
  project: Project,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<FleetStatus> {
  const { topology, plan } = await previewPlan(project, ports, { target: [], tenants: [] }, signal)
  const lists = await Promise.all(
    topology.clusters.map(cluster => ports.prepared.list(cluster.primary.server, signal)),
  )
  const left = lists.flat().filter(one => parseGid(one.gid) !== null)
  const runs = await ports.store.list()
  const unfinished = runs.find(
    run =>
      run.project === project.config.project &&
      run.outcome === null &&
      !run.alive &&
      run.damage === null &&
      run.startedAt !== null,
  )
  const runId = (left[0] && parseGid(left[0].gid)?.runId) ?? unfinished?.runId
  const tenants = plan.groups.flatMap(group =>
    group.tenants.map(one => ({
      tenant: one.tenant,
      heads: one.from,
      behind: plan.routes.find(route => route.id === one.route)?.steps.length ?? 0,
    })),
  )
  return {
    project: project.config.project,
    topology,
    plan,
    tenants,
    lastRuns: runs.slice(0, 5),
    blocked: runId ? { kind: 'run_unfinished', runId, prepared: left.map(one => one.gid) } : null,
  }
}
