import type { Tenant } from '../../../shared/topology/topology.ts'

/** What hangs on a table, a column or a type, so that neither can be dropped or changed alone. */
export interface Dependent {
  /** The table, view or type that is needed, qualified and quoted. */
  readonly on: string
  readonly onKind: 'relation' | 'type'
  /** The column that is needed, as it is called; null for the whole. */
  readonly column: string | null
  readonly kind:
    | 'view'
    | 'materialized view'
    | 'rule'
    | 'trigger'
    | 'policy'
    | 'foreign key'
    | 'function'
    | 'column'
    | 'generated column'
    | 'domain'
  /** Qualified and quoted; what belongs to a table is named behind it. */
  readonly name: string
}

/** Reads what a server would refuse to break. Reads only. */
export interface Dependents {
  readDependents(tenant: Tenant, signal: AbortSignal): Promise<readonly Dependent[]>
  /** The schema in which the migrating login makes what is named without one; null when there is none. */
  readDefaultSchema(tenant: Tenant, signal: AbortSignal): Promise<string | null>
}
