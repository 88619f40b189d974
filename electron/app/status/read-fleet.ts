import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listPlanned } from '../../../shared/plan/plan-selectors.ts'
import type { Topology, UnreadableTenant } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { listOpenVotes, refusalOf } from '../../engine/open-runs/list-open-votes.ts'
import { makePlan } from '../../engine/planning/make-plan.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import { discoverTopology } from '../../engine/topology/discover-topology.ts'
import { readEach, withoutCluster } from '../../engine/topology/unreadable-tenants.ts'

/** Where servers and tenants stood when they were asked. */
export interface FleetReading {
  readonly observedAt: string
  /** Null where the servers could not be asked; `failure` says why. */
  readonly topology: Topology | null
  readonly graph: MigrationGraph | null
  readonly graphFailure: Failure | null
  /** What a run would do; null while tables are locked, and where it cannot be planned. */
  readonly plan: Plan | null
  /** Revisions that each tenant holds, as far as they could be read. */
  readonly heads: ReadonlyMap<string, readonly string[]>
  /** Tenants that cannot be read, and why: no run begins that does not leave them out. */
  readonly unreadable: readonly UnreadableTenant[]
  /** Votes that are prepared, whichever run they belong to. */
  readonly votes: Extract<Failure, { kind: 'run_unfinished' }> | null
  /** What is in the way of reading or planning the whole; single tenants are in `unreadable`. */
  readonly failure: Failure | null
}

/** What reading a fleet needs of the outside world. */
export type FleetPorts = Pick<EnginePorts, 'servers' | 'source' | 'parser' | 'digest' | 'prepared'> & {
  readonly store: Pick<EnginePorts['store'], 'list' | 'readIntact'>
}

export interface FleetQuestion {
  readonly config: ProjectConfig
  /** While a run is at work its tables are locked, or will be: a plan would wait for them. */
  readonly isAtWork: boolean
}

/** Reads where the fleet stands; whatever cannot be read is said in the answer. */
export async function readFleet(
  question: FleetQuestion,
  ports: FleetPorts,
  signal: AbortSignal,
): Promise<FleetReading> {
  const observedAt = new Date().toISOString()
  const describing = ports.source.describe(signal)
  const graph = describing.then(
    value => ({ graph: value, graphFailure: null }),
    (error: unknown) => ({ graph: null, graphFailure: toFailure(error) }),
  )
  const rest = await readTenants(question, describing, ports, signal).catch((error: unknown) => {
    const failure = toFailure(error)
    const isOfVotes = failure.kind === 'run_unfinished' && failure.prepared.length > 0
    return { failure, votes: isOfVotes ? failure : null }
  })
  return { ...unread(null), observedAt, ...(await graph), ...rest }
}

/** A reading of which nothing could be had. */
export function unread(failure: Failure | null): FleetReading {
  return {
    observedAt: new Date().toISOString(),
    topology: null,
    graph: null,
    graphFailure: null,
    plan: null,
    heads: new Map(),
    unreadable: [],
    votes: null,
    failure,
  }
}

/** Why servers, revisions or tenants could not be read; null when all of them were. */
export function failureOf({ failure, unreadable, graphFailure }: FleetReading): Failure | null {
  if (failure) return failure
  if (unreadable.length > 0) return { kind: 'tenants_unreadable', tenants: unreadable.map(withoutCluster) }
  return graphFailure
}

async function readTenants(
  { config, isAtWork }: FleetQuestion,
  graph: Promise<MigrationGraph>,
  ports: FleetPorts,
  signal: AbortSignal,
): Promise<Partial<FleetReading>> {
  const topology = await discoverTopology(config, ports, async () => undefined, signal)
  const primaries = topology.clusters.map(cluster => cluster.primary.server)
  const left = await listOpenVotes(ports.prepared, primaries, signal)
  const votes = left.length === 0 ? null : refusalOf(left, await ports.store.list())
  const unplanned = async (failure: Failure | null): Promise<Partial<FleetReading>> => ({
    topology,
    votes,
    failure,
    ...(await readHeads(topology, ports, signal).catch((error: unknown) => ({
      failure: failure ?? toFailure(error),
    }))),
  })
  if (isAtWork || votes) return unplanned(null)
  try {
    const request = { config, topology, graph, gates: null, target: [], tenants: [] }
    const plan = await makePlan(request, ports, signal)
    const heads = new Map(listPlanned(plan).map(tenant => [tenant.tenant, tenant.from]))
    return { topology, plan, heads, unreadable: plan.unreadable ?? [] }
  } catch (error) {
    return unplanned(toFailure(error))
  }
}

/** Version tables can be read while their tenants are prepared: nothing else of them can be planned on. */
async function readHeads(
  topology: Topology,
  { source }: Pick<FleetPorts, 'source'>,
  signal: AbortSignal,
): Promise<Pick<FleetReading, 'heads' | 'unreadable'>> {
  const { read, unreadable } = await readEach(
    topology.tenants,
    async tenant => [tenant.name, await source.readHeads(tenant, signal)] as const,
    signal,
  )
  return { heads: new Map(read), unreadable: [...(topology.unreadable ?? []), ...unreadable] }
}
