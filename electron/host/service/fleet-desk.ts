import { type Failure, toFailure } from '../../../shared/failure.ts'
import { mapConcurrently } from '../../../shared/map-concurrently.ts'
import type { MigrationGraph } from '../../../shared/migration-graph.ts'
import type { Plan } from '../../../shared/plan.ts'
import { listPlanned } from '../../../shared/plan-selectors.ts'
import type { Topology } from '../../../shared/topology.ts'
import { discoverTopology } from '../../engine/discover-topology.ts'
import type { EnginePorts } from '../../engine/engine-ports.ts'
import { listOpenVotes, refusalOf } from '../../engine/list-open-votes.ts'
import { makePlan } from '../../engine/make-plan.ts'
import { withoutCluster } from '../../engine/unreadable-tenants.ts'
import type { Project } from '../load-project.ts'
import { noApprovals, withEngine } from '../with-engine.ts'

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
  /** Votes that a run left open. */
  readonly unsettled: Failure | null
  readonly failure: Failure | null
}

export interface FleetDeskOptions {
  /** The open project as its file says now. */
  readonly project: () => Promise<Project>
  /** True while a run is at work: its votes lock tables, so that a plan would wait for them. */
  readonly isAtWork: () => Promise<boolean>
  readonly signal: AbortSignal
}

/** Reads where the fleet stands, once for all who ask at the same time, and not again for a while. */
export class FleetDesk {
  readonly #options: FleetDeskOptions
  #last: { readonly reading: FleetReading; readonly until: number } | null = null
  #reading: Promise<FleetReading> | null = null
  #graph: MigrationGraph | null = null
  #generation = 0

  constructor(options: FleetDeskOptions) {
    this.#options = options
  }

  async read(): Promise<FleetReading> {
    if (this.#last && performance.now() < this.#last.until) return this.#last.reading
    this.#reading ??= this.#readAnew()
    return this.#reading
  }

  /** The revisions as they were read last; read now where they never were. */
  async readGraph(): Promise<MigrationGraph | null> {
    return this.#graph ?? (await this.read()).graph
  }

  /** Another project has other revisions. */
  forgetProject(): void {
    this.#graph = null
    this.forget()
  }

  /** What was read before is no longer so. */
  forget(): void {
    this.#generation += 1
    this.#last = null
    this.#reading = null
  }

  async #readAnew(): Promise<FleetReading> {
    const generation = this.#generation
    const { project, isAtWork, signal } = this.#options
    const startedAt = performance.now()
    try {
      const reading = await readFleet(await project(), await isAtWork(), signal)
      if (generation === this.#generation) {
        const now = performance.now()
        this.#last = { reading, until: now + howLongToKeep(reading, now - startedAt) }
        this.#graph = reading.graph
      }
      return reading
    } finally {
      if (generation === this.#generation) this.#reading = null
    }
  }
}

/**
 * Milliseconds for which a reading is shown again. Fingerprints of a large fleet are work for its servers: a dashboard that
 * is left open may take a tenth of their time at most. What failed, or was cheap, is read again soon.
 */
export function howLongToKeep({ plan }: Pick<FleetReading, 'plan'>, tookMs: number): number {
  return plan === null ? soonMs : Math.min(Math.max(soonMs, 9 * tookMs), longestMs)
}

const soonMs = 4_000
const longestMs = 300_000

/** Reads where the fleet stands; whatever cannot be read is said in the answer. */
async function readFleet(project: Project, isAtWork: boolean, signal: AbortSignal): Promise<FleetReading> {
  const observedAt = new Date().toISOString()
  const empty: FleetReading = {
    observedAt,
    topology: null,
    graph: null,
    graphFailure: null,
    plan: null,
    heads: new Map(),
    unsettled: null,
    failure: null,
  }
  try {
    return await withEngine(project, noApprovals, async ports => {
      const describing = ports.source.describe(signal)
      const graph = describing.then(
        value => ({ graph: value, graphFailure: null }),
        (error: unknown) => ({ graph: null, graphFailure: toFailure(error) }),
      )
      const rest = await readTenants(project, ports, describing, isAtWork, signal).catch(
        (error: unknown) => ({ failure: toFailure(error) }),
      )
      return { ...empty, ...(await graph), ...rest }
    })
  } catch (error) {
    return { ...empty, failure: toFailure(error) }
  }
}

async function readTenants(
  { config }: Project,
  ports: EnginePorts,
  graph: Promise<MigrationGraph>,
  isAtWork: boolean,
  signal: AbortSignal,
): Promise<Partial<FleetReading>> {
  const topology = await discoverTopology(config, ports, async () => undefined, signal)
  const primaries = topology.clusters.map(cluster => cluster.primary.server)
  const unsettled = refusalOf(await listOpenVotes(ports.prepared, primaries, signal))
  if (isAtWork || unsettled) {
    return { topology, unsettled, heads: await readHeads(topology, ports, signal) }
  }
  try {
    const request = { config, topology, graph, gates: null, target: [], tenants: [] }
    const plan = await makePlan(request, ports, signal)
    const tenants = listPlanned(plan)
    return {
      topology,
      plan,
      heads: new Map(tenants.map(tenant => [tenant.tenant, tenant.from])),
      ...(plan.unreadable
        ? { failure: { kind: 'tenants_unreadable' as const, tenants: plan.unreadable.map(withoutCluster) } }
        : {}),
    }
  } catch (error) {
    return { topology, failure: toFailure(error), heads: await readHeads(topology, ports, signal) }
  }
}

/** Version tables can be read while their tenants are prepared. */
async function readHeads(
  topology: Topology,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<FleetReading['heads']> {
  const read = await mapConcurrently(topology.tenants, 4, async tenant => {
    const heads = await ports.source.readHeads(tenant, signal).catch(() => null)
    return heads === null ? [] : [[tenant.name, heads] as const]
  })
  return new Map(read.flat())
}
