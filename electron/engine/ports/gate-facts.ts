import type { HiddenRows } from '../../../shared/analysis/hidden-rows.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'

/** Settings as a login of the migration role in that database gets them. */
export interface EffectiveSetting {
  readonly name: string
  readonly setting: string
  /** `pg_settings.source`, such as `default`, `database` or `role`. */
  readonly source: string
}

export interface ForeignKeyFacts {
  readonly table: string
  readonly constraint: string
  readonly validated: boolean
  readonly enforced: boolean
  /** Rows without a parent, counted up to 1001. */
  readonly orphans: number
  /** False when the count was not finished in time. */
  readonly counted: boolean
  /** The statement that shows the rows without a parent. */
  readonly query: string
  /** Why they could not be counted at all; absent where every row is seen. */
  readonly hidden?: HiddenRows
}

/** A foreign key that a table no longer enforces, because its triggers are switched off there. */
export interface DisabledForeignKey {
  /** Qualified; the referencing or the referenced table. */
  readonly table: string
  readonly constraint: string
}

/** A session, or a prepared transaction, that can make a migration wait. Sessions of our own are left out. */
export interface BlockingSession {
  /** 0 for a prepared transaction: no process holds it. */
  readonly pid: number
  readonly application: string
  /** As in `pg_stat_activity`, or `prepared`. */
  readonly state: string
  /** Age of its transaction. */
  readonly ageSeconds: number
  /** How long it has been in this state. */
  readonly stateSeconds: number
  /** The identifier of a prepared transaction; null for a session. */
  readonly gid: string | null
  /** Tables of the plan on which it holds locks, with the mode: `public.users:AccessShareLock`. */
  readonly locks: readonly string[]
}

export interface UsedConnectionLimit {
  readonly of: 'database' | 'role'
  readonly name: string
  readonly limit: number
  readonly used: number
}

export interface ServerCapacity {
  readonly server: string
  readonly maxConnections: number
  readonly reservedConnections: number
  readonly usedConnections: number
  readonly maxPreparedTransactions: number
  readonly usedPreparedTransactions: number
  readonly maxLocksPerTransaction: number
  /** Limits below those of the server that hold for the login, and how many others use of them; none for a superuser. */
  readonly connectionLimits: readonly UsedConnectionLimit[]
  /** Bytes free under the data directory; null when it cannot be seen from here. */
  readonly freeDiskBytes: number | null
}

/** What the built-in gates ask the database. Reads only. */
export interface GateFacts {
  readSettings(
    tenant: Tenant,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly EffectiveSetting[]>
  readForeignKeys(
    tenant: Tenant,
    options: { readonly statementTimeoutMs: number },
    signal: AbortSignal,
  ): Promise<readonly ForeignKeyFacts[]>
  /** Tables of foreign keys whose rows policies hide; null where every row is seen. Counts nothing. */
  readHiddenRows(tenant: Tenant, signal: AbortSignal): Promise<HiddenRows | null>
  /** Foreign keys whose internal triggers are switched off. */
  readDisabledForeignKeyTriggers(tenant: Tenant, signal: AbortSignal): Promise<readonly DisabledForeignKey[]>
  /** Every session with an open transaction in the tenant's database; no tables means every user table. */
  readBlockingSessions(
    tenant: Tenant,
    tables: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly BlockingSession[]>
  readCapacity(server: string, signal: AbortSignal): Promise<ServerCapacity>
  /** Number of relations in the tables that the plan touches, with their indexes, sequences and parts; no tables means every user table. */
  countLockTargets(tenant: Tenant, tables: readonly string[], signal: AbortSignal): Promise<number>
}

/** One way in which a tenant's role reaches another tenant. */
export interface IsolationLeak {
  readonly role: string
  readonly ofTenant: string
  readonly reaches: string
  /** What allows it, named so that it can be revoked: a grant, a membership, a foreign server. */
  readonly grant: string
  /** The statement that takes it away. */
  readonly fix: string
  /** What it hangs on, as the list of what is allowed names it; absent where that is the role alone. */
  readonly object?: string
  /** A note tells what a tenant can only guess, or cannot do: it is shown and stops nothing. */
  readonly weight?: 'note'
}

/** Tables that several tenants share, and how their rows are told apart. */
export interface SharedTables {
  readonly column: string
  readonly setting: string
  /** Whether a table, by its qualified name, is one to judge. */
  isJudged(table: string): boolean
  /** Whether all tenants read it on purpose. */
  isLookup(table: string): boolean
  readonly tenants: readonly string[] | null
  readonly query: string | null
}

/** What trying to reach another tenant's rows has shown. */
export interface RowProbe {
  readonly leaks: readonly IsolationLeak[]
  /** Tables and views on which it was tried. */
  readonly tried: number
  /** Why one could not be tried. */
  readonly untried: readonly string[]
  /** Where a tenant sees not even its own rows, so that nothing is proven. */
  readonly blind: readonly string[]
}

/** Whether tenants are kept apart, be they databases, schemas or rows. */
export interface Isolation {
  /** How rows are told apart where tenants are rows of shared tables; null for databases and schemas. */
  readonly shared: SharedTables | null
  /** Reads the catalogs: what one tenant's role may do with what is another's, and what goes around the policies. */
  findLeaks(tenants: readonly Tenant[], signal: AbortSignal): Promise<readonly IsolationLeak[]>
  /** Logs in as a tenant's role and tries another tenant's database or schema; `refused` is what isolation looks like. */
  probe(from: Tenant, to: Tenant, signal: AbortSignal): Promise<ProbeResult>
  /** The first tenants of shared tables, as the tables or the project file name them. */
  listRowTenants(tenant: Tenant, signal: AbortSignal): Promise<readonly string[]>
  /** Tries as the application's role to read, write and guess another tenant's rows; everything is rolled back. */
  probeRows(tenant: Tenant, from: string, to: string, signal: AbortSignal): Promise<RowProbe>
  /** Runs a query of the team as the tenant's own role, in a read-only transaction. */
  runQuery(
    tenant: Tenant,
    sql: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly rows: number; readonly first: string | null }>
}

export type ProbeResult =
  | { readonly result: 'refused'; readonly sqlstate: string }
  | { readonly result: 'reached'; readonly detail: string }
  | { readonly result: 'unknown'; readonly detail: string }
