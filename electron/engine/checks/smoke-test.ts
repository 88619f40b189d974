import type { GateAnswer } from '../../../shared/plan/verdict.ts'
import type { Tenant, Topology } from '../../../shared/topology/topology.ts'
import type { GateSettings } from '../../settings/policy.ts'
import type { Isolation } from '../ports/gate-facts.ts'
import type { HookRunner, HttpChecks } from '../ports/hooks.ts'

/** What became of one tenant's schema. */
export interface SchemaChange {
  readonly tenant: string
  /** The way that the tenant went; tenants that went the same way are compared with each other. */
  readonly route: string
  readonly before: string
  readonly after: string
}

/** What a smoke test may look at: one group, after it has committed. */
export interface SmokeContext {
  readonly runId: string
  readonly group: string
  /** The tenants of the group. */
  readonly tenants: readonly Tenant[]
  readonly topology: Topology
  /** Schemas of the group's tenants, before the run and now, where they were read. */
  readonly schemas: readonly SchemaChange[]
  readonly settings: GateSettings
  readonly isolation: Isolation
  readonly hooks: HookRunner
  readonly http: HttpChecks
}

/** A check of what a group can do after its migration; it answers as a gate does. */
export interface SmokeTest {
  readonly name: string
  /** True when it measures an instant, so that value and evidence may differ between two identical runs. */
  readonly momentary: boolean
  judge(context: SmokeContext, signal: AbortSignal): Promise<GateAnswer>
}
