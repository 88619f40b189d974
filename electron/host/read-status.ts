import type { Failure } from '../../shared/failure.ts'
import { foldAll } from '../../shared/fold-run.ts'
import { judgeReadiness, type ReadinessFacts } from '../../shared/judge-readiness.ts'
import type { Plan } from '../../shared/plan.ts'
import { countSteps } from '../../shared/plan-selectors.ts'
import type { Readiness } from '../../shared/readiness.ts'
import type { Topology, UnreadableTenant } from '../../shared/topology.ts'
import { discoverTopology } from '../engine/discover-topology.ts'
import type { EnginePorts } from '../engine/engine-ports.ts'
import { findOpenRuns, nameUnfinished, type OpenRun } from '../engine/find-open-runs.ts'
import { listOpenVotes, refusalOf } from '../engine/list-open-votes.ts'
import type { StoredRun } from '../engine/ports/run-log.ts'
import { readEach, withoutCluster } from '../engine/unreadable-tenants.ts'
import type { LeftCopies, LeftCopy } from '../app/ports/left-copies.ts'
import type { Project } from './load-project.ts'
import { previewPlan } from './preview-plan.ts'
import { openPlanStore } from './plan-store.ts'

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
  /** Tenants that cannot be read, and why: no run begins that does not leave them out. */
  readonly unreadable: readonly UnreadableTenant[]
  readonly lastRuns: readonly StoredRun[]
  /** What `recover` would settle, in its order; votes that are prepared come before it. */
  readonly openRuns: readonly OpenRun[]
  /** Why a run would be refused right now, or null. */
  readonly blocked: Failure | null
  /** Copies that a process has left which did not live to remove them. */
  readonly leftCopies: readonly LeftCopy[]
  /** "May I migrate now?", as the dashboard answers it. */
  readonly readiness: Readiness
}

/** Reads where every tenant stands, whether an earlier run, or one at work, is in the way, and what to do next. */
export async function readStatus(
  project: Project,
  ports: EnginePorts,
  copies: LeftCopies,
  signal: AbortSignal,
): Promise<FleetStatus> {
  const status = await readFleet(project, ports, signal)
  const leftCopies = await copies.list(signal)
  return { ...status, leftCopies, readiness: judgeReadiness(await gatherFacts(project, status)) }
}

async function gatherFacts(
  project: Project,
  { tenants, unreadable, plan, lastRuns, openRuns, blocked }: Omit<FleetStatus, 'readiness' | 'leftCopies'>,
): Promise<ReadinessFacts> {
  const active = lastRuns.find(run => run.alive && run.outcome === null)
  const unproven = openRuns.find(run => run.state === 'unproven')
  const store = openPlanStore(project.plansFolder)
  const open = (await store.list()).find(
    ({ record }) => record.state === 'waiting' || record.state === 'approved',
  )
  // A plan that is not the one that would be made now is void: nobody waits for it.
  const planned = open && open.record.planId === plan?.planId ? open.record : null
  return {
    hasProject: true,
    failure:
      unreadable.length > 0 ? { kind: 'tenants_unreadable', tenants: unreadable.map(withoutCluster) } : null,
    blocked,
    activeRun: active ? { runId: active.runId, control: 'running' } : null,
    unproven: unproven?.runId ?? null,
    fleet: plan && { target: plan.target, tenants: tenants.length, behind: tenants.filter(isBehind).length },
    plan:
      planned && plan
        ? {
            planId: planned.planId,
            state: planned.state === 'approved' ? 'approved' : 'waiting',
            tenants: tenants.filter(isBehind).length,
            target: plan.target,
            gates: (await store.readGates(planned.planId))?.gates ?? [],
          }
        : null,
  }
}

function isBehind({ behind }: FleetStatus['tenants'][number]): boolean {
  return behind !== null && behind > 0
}

async function readFleet(
  project: Project,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<Omit<FleetStatus, 'readiness' | 'leftCopies'>> {
  const name = project.config.project
  const topology = await discoverTopology(project.config, ports, async () => undefined, signal)
  const primaries = topology.clusters.map(cluster => cluster.primary.server)
  const votes = await listOpenVotes(ports.prepared, primaries, signal)
  const runs = await ports.store.list()
  const openRuns = await findOpenRuns(name, runs, async id => foldAll(await ports.store.read(id)))
  const status = { project: name, topology, lastRuns: runs.slice(0, 5), openRuns }
  const refusal = refusalOf(votes)
  if (refusal) {
    const isAtWork = runs.some(run => run.runId === refusal.runId && run.alive)
    const holder = `lockstep ${refusal.runId}`
    const blocked: Failure = isAtWork ? { kind: 'run_locked', cluster: name, holder } : refusal
    return { ...status, plan: null, ...(await readHeads(topology, ports, signal)), blocked }
  }
  const { plan } = await previewPlan(project, ports, { target: [], tenants: [] }, signal)
  const unfinished = openRuns.find(run => run.state !== 'unproven')
  const tenants = plan.groups.flatMap(group =>
    group.tenants.map(one => ({
      tenant: one.tenant,
      heads: one.from,
      behind: countSteps(plan, one),
    })),
  )
  const blocked = unfinished ? nameUnfinished(unfinished) : null
  return { ...status, plan, tenants, unreadable: plan.unreadable ?? [], blocked }
}

/** Version tables can be read while their tenants are prepared: nothing else of them can be planned on. */
async function readHeads(
  topology: Topology,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<Pick<FleetStatus, 'tenants' | 'unreadable'>> {
  const { read, unreadable } = await readEach(
    topology.tenants,
    async tenant => ({
      tenant: tenant.name,
      heads: await ports.source.readHeads(tenant, signal),
      behind: null,
    }),
    signal,
  )
  return { tenants: read, unreadable: [...(topology.unreadable ?? []), ...unreadable] }
}
