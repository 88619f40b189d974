import type { Tenant } from '../../../shared/topology/topology.ts'
import type { ColumnType } from '../../catalog/catalog-item.ts'

/** What is known of one table before anything runs: estimates of the server, no counts. */
export interface TableFacts {
  /** Qualified and quoted like the tables of a plan. */
  readonly table: string
  /** `reltuples`; null when the table was never analysed. Of a partitioned table, the sum of its partitions. */
  readonly rows: number | null
  /** With indexes and TOAST; of a partitioned table, the sum of its partitions. */
  readonly bytes: number
}

/** What a table consists of. */
export interface TableShape {
  /** Qualified and quoted like the tables of a plan. */
  readonly table: string
  /** `pg_class.relkind`. */
  readonly kind: string
  readonly columns: readonly {
    readonly name: string
    readonly type: ColumnType
    readonly isNotNull: boolean
  }[]
  readonly constraints: readonly {
    readonly name: string
    /** `pg_constraint.contype`. */
    readonly kind: string
    readonly columns: readonly string[]
    /** The column of which a check says that it is not null, and nothing else; null for any other constraint. */
    readonly notNull: string | null
    readonly isValid: boolean
  }[]
  readonly indexes: readonly {
    /** Unqualified; an index lies in the schema of its table. */
    readonly name: string
    /** Key columns in order; null for an expression. */
    readonly columns: readonly (string | null)[]
    readonly isUnique: boolean
    readonly isValid: boolean
    /** False when it covers only some rows. */
    readonly isWhole: boolean
    /** Access method, such as `btree`. */
    readonly method: string
  }[]
}

/** How policies stand to the role that migrates. */
export interface PolicyFacts {
  /** Whether no policy ever holds for it. */
  readonly bypasses: boolean
  readonly tables: readonly {
    /** Qualified and quoted like the tables of a plan. */
    readonly table: string
    readonly isEnabled: boolean
    readonly isForced: boolean
    /** Whether it has the rights of the table's owner. */
    readonly isOwner: boolean
    /** Whether the policies show it every row. */
    readonly showsAll: boolean
  }[]
}

/** Live facts that lint, conflicts and budgets are judged with. Reads only. */
export interface SchemaFacts {
  readTables(tenant: Tenant, signal: AbortSignal): Promise<readonly TableFacts[]>
  /** Columns, constraints and indexes of every table. */
  readShapes(tenant: Tenant, signal: AbortSignal): Promise<readonly TableShape[]>
  /** Tables that have row-level security, or that belong to another role and might. */
  readPolicies(tenant: Tenant, signal: AbortSignal): Promise<PolicyFacts>
}
