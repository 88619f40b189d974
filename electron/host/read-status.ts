import type { Failure } from '../../shared/failure.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { Plan } from '../../shared/plan.ts'
import type { Topology } from '../../shared/topology.ts'
import { discoverTopology } from '../engine/discover-topology.ts'
import type { EnginePorts } from '../engine/engine-ports.ts'
import { listOpenVotes, refusalOf } from '../engine/list-open-votes.ts'
import type { StoredRun } from '../engine/ports/run-log.ts'
import type { Project } from './load-project.ts'
import { previewPlan } from './preview-plan.ts'

/** Where the fleet stands. */
export interface FleetStatus {
  readonly project: string
  readonly topology: Topology
  /** Null while votes are open: their tables are locked. */
  readonly plan: Plan | null
  readonly tenants: readonly {
    readonly tenant: string
    readonly heads: readonly string[]
    /** Steps to the target; null while that cannot be planned. */
    readonly behind: number | null
  }[]
  readonly lastRuns: readonly StoredRun[]
  /** Why a run would be refused right now, or null. */
  readonly blocked: Failure | null
}

/** Reads where every tenant stands, and whether an earlier run, or one at work, is in the way. */
export async function readStatus(
  project: Project,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<FleetStatus> {
  const name = project.config.project
  const topology = await discoverTopology(project.config, ports, async () => undefined, signal)
  const primaries = topology.clusters.map(cluster => cluster.primary.server)
  const votes = await listOpenVotes(ports.prepared, primaries, signal)
  const runs = await ports.store.list()
  const status = { project: name, topology, lastRuns: runs.slice(0, 5) }
  const refusal = refusalOf(votes)
  if (refusal) {
    const isAtWork = runs.some(run => run.runId === refusal.runId && run.alive)
    const holder = `lockstep ${refusal.runId}`
    const blocked: Failure = isAtWork ? { kind: 'run_locked', cluster: name, holder } : refusal
    return { ...status, plan: null, tenants: await readHeads(topology, ports, signal), blocked }
  }
  const { plan } = await previewPlan(project, ports, { target: [], tenants: [] }, signal)
  const unfinished = runs.find(
    run =>
      run.project === name &&
      run.outcome === null &&
      !run.alive &&
      run.damage === null &&
      run.startedAt !== null,
  )
  const tenants = plan.groups.flatMap(group =>
    group.tenants.map(one => ({
      tenant: one.tenant,
      heads: one.from,
      behind: plan.routes.find(route => route.id === one.route)?.steps.length ?? 0,
    })),
  )
  const blocked: Failure | null = unfinished
    ? { kind: 'run_unfinished', runId: unfinished.runId, prepared: [] }
    : null
  return { ...status, plan, tenants, blocked }
}

/** Version tables can be read while their tenants are prepared: nothing else of them can be planned on. */
function readHeads(
  topology: Topology,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<FleetStatus['tenants']> {
  return mapConcurrently(topology.tenants, 4, async tenant => ({
    tenant: tenant.name,
    heads: await ports.source.readHeads(tenant, signal),
    behind: null,
  }))
}
