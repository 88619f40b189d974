import type { SchemaClass } from '../analysis/schema-class.ts'
import type { Failure } from '../failure/failure.ts'
import type { NextAction, Readiness } from '../plan/readiness.ts'
import type { LagSample } from './topology-view.ts'

/** What needs attention now. */
export interface OverviewView {
  readonly readiness: Readiness
  /** In the order failed, needs human, waiting, running, stale, everything else. */
  readonly attention: readonly AttentionItem[]
  /** Null when the tenants could not be read, or have no target; `failure` says why. */
  readonly fleet: FleetView | null
  readonly failure: Failure | null
  /** The newest sample of each standby. */
  readonly lag: readonly LagSample[]
  /** When servers and tenants were asked; RFC 3339. */
  readonly observedAt: string
}

export interface AttentionItem {
  readonly kind: 'failed' | 'needs_human' | 'waiting' | 'running' | 'stale' | 'note'
  readonly text: string
  readonly action: NextAction
}

export interface FleetView {
  readonly target: readonly string[]
  readonly tenants: number
  readonly atTarget: number
  readonly behind: number
  /** Closed databases that are passed over. Absent where there are none. */
  readonly closed?: readonly string[]
  readonly groups: readonly { readonly group: string; readonly tenants: number; readonly behind: number }[]
  /** Catalog fingerprints at equal revisions: more than one class at one revision means drift. */
  readonly classes: readonly Pick<SchemaClass, 'heads' | 'fingerprint' | 'tenants' | 'isMain'>[]
}
