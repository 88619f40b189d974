import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Tenant, Topology } from '../../../shared/topology/topology.ts'
import type { CatalogItem } from '../../catalog/catalog-item.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { AcceptedLosses } from '../losses/accepted-losses.ts'
import type { Clock } from '../ports/clock.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { Recorder } from '../recording/recorder.ts'
import type { WriteLedger } from '../snapshots/write-ledger.ts'
import type { HookPorts, PhaseHooks } from './phase-hooks.ts'
import type { RunControl } from './run-control.ts'

/** What migrating, settling and proving tenants asks of the outside world, in a run as in a rollback or a recovery. */
export type RunPorts = HookPorts &
  Pick<
    EnginePorts,
    | 'servers'
    | 'locks'
    | 'prepared'
    | 'replicas'
    | 'sessions'
    | 'source'
    | 'isolation'
    | 'subscriberFacts'
    | 'lossFacts'
    | 'store'
    | 'clock'
  >

/** What every part of a run knows. */
export interface RunContext {
  readonly runId: string
  readonly config: ProjectConfig
  readonly ports: RunPorts
  readonly clock: Clock
  readonly recorder: Recorder
  readonly topology: Topology
  /** The team's own gates around the phases. */
  readonly hooks: PhaseHooks
  /** Where a person can hold the run. */
  readonly control: RunControl
  /** A person's interruption; undoing never listens to it. */
  readonly signal: AbortSignal
}

/** What a rollback is compared with: each tenant as it was before anything ran. */
export interface Snapshot {
  readonly heads: readonly string[]
  readonly fingerprint: string
  readonly items: readonly CatalogItem[]
}

/** A run whose plan is approved. */
export interface ExecutionContext extends RunContext {
  readonly plan: Plan
  /** What the plan did on a copy; the real run must end in the same. Null where it was not rehearsed. */
  readonly rehearsal: Rehearsal | null
  readonly snapshots: ReadonlyMap<string, Snapshot>
  /** Counts what others write, where a copy was taken. */
  readonly writes?: WriteLedger
  /** Fingerprints that tenants must vote on; whatever they end in where none is given. */
  readonly mustEndIn?: ReadonlyMap<string, string>
  /** What tenants that go down may lose, where that was shown; it is counted again before anything is destroyed. */
  readonly accepted?: ReadonlyMap<string, AcceptedLosses>
  /** The primary whose run lock is lost, or null: nothing may be decided without it. */
  readonly findLostLock: () => string | null
}

/** The tenant of a name; planning has made sure that it is there. */
export function findTenant(topology: Topology, name: string): Tenant {
  const tenant = topology.tenants.find(candidate => candidate.name === name)
  if (!tenant)
    throw new LockstepError({
      kind: 'tenant_unknown',
      tenant: name,
      known: topology.tenants.map(one => one.name),
    })
  return tenant
}

/** The primary that holds a tenant. */
export function primaryOf(topology: Topology, tenant: Tenant): string {
  const cluster = topology.clusters.find(candidate => candidate.name === tenant.cluster)
  if (!cluster) throw new LockstepError({ kind: 'primary_missing', cluster: tenant.cluster })
  return cluster.primary.server
}
