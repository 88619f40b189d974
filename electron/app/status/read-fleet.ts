import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listPlanned } from '../../../shared/plan/plan-selectors.ts'
import type { Topology, UnreadableTenant } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { findHeldLock, type LockInTheWay } from '../../engine/open-runs/find-held-lock.ts'
import { listOpenVotes, refusalOf } from '../../engine/open-runs/list-open-votes.ts'
import { holdsTenant, type OtherRun, splitVotes } from '../../engine/open-runs/split-votes.ts'
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
  /** Votes that are prepared in its tenants, or by its runs. */
  readonly votes: Extract<Failure, { kind: 'run_unfinished' }> | null
  /** Runs of other projects that have votes on the same servers, and lock no tenant of this one. */
  readonly others: readonly OtherRun[]
  /** A run lock that somebody has, of whichever project. */
  readonly held: LockInTheWay | null
  /** What is in the way of reading or planning the whole; single tenants are in `unreadable`. */
  readonly failure: Failure | null
}

/** What reading a fleet needs of the outside world. */
export type FleetPorts = Pick<EnginePorts, 'servers' | 'source' | 'parser' | 'digest' | 'prepared'> & {
  readonly locks: Pick<EnginePorts['locks'], 'readHolder'>
} & {
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
    others: [],
    held: null,
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
  const primaries = config.servers.filter(server => server.role === 'primary')
  const names = primaries.map(server => server.name)
  const left = await listOpenVotes(ports.prepared, names, signal)
  const runs = left.length === 0 ? [] : await ports.store.list()
  const { project } = config
  const { inTheWay, others } = splitVotes(left, {
    project,
    runs,
    holdsTenant: vote => holdsTenant(vote, topology),
  })
  const votes = refusalOf(inTheWay, runs, project)
  const held = isAtWork ? null : await findHeldLock(primaries, ports.locks, signal)
  const unplanned = async (failure: Failure | null): Promise<Partial<FleetReading>> => ({
    topology,
    votes,
    others,
    held,
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
    return { topology, others, held, plan, heads, unreadable: plan.unreadable ?? [] }
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
