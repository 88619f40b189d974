import type { Tenant } from '../../../shared/topology/topology.ts'

/** What a migration may do beyond its own database, and what a server holds for all of its databases. Reads only. */
export interface ReachFacts {
  /** Code of a tenant's database that statements run without showing it. */
  readCode(tenant: Tenant, signal: AbortSignal): Promise<DatabaseCode>
  /** What all databases of a tenant's server share, without scratch copies. */
  readShared(tenant: Tenant, signal: AbortSignal): Promise<SharedState>
}

/** Code that lies in a database. */
export interface DatabaseCode {
  /** Functions and procedures that belong to no extension; one name may stand for several. */
  readonly routines: readonly Routine[]
  readonly triggers: readonly {
    /** Qualified and quoted like the tables of a plan. */
    readonly table: string
    readonly name: string
    readonly routine: string
  }[]
  readonly eventTriggers: readonly { readonly name: string; readonly routine: string }[]
  /** Qualified and quoted like the tables of a plan. */
  readonly foreignTables: readonly string[]
  readonly implicit: readonly ImplicitCode[]
  /** Tables, and what is written whenever another one is: its children, and where its keys cascade from. */
  readonly followers: readonly { readonly table: string; readonly follows: string }[]
  /** Installed extensions. */
  readonly extensions: readonly string[]
}

/** Code that a statement runs without naming it. */
export interface ImplicitCode {
  /** Qualified and quoted like the tables of a plan; null for what hangs on none, such as a domain or an operator. */
  readonly table: string | null
  /** `write`: for rows that come or go; `build`: also when its table is built again; `copy`: when a copy is made. */
  readonly when: 'read' | 'write' | 'build' | 'copy'
  /** What it is in words, such as `the default of id of public.things`. */
  readonly by: string
  readonly body: string
}

export interface Routine {
  /** Without its schema. */
  readonly name: string
  readonly language: string
  /** Whether its language keeps it from files and the network. */
  readonly isTrusted: boolean
  readonly body: string
}

/** What the databases of a server share, piece by piece. */
export interface SharedState {
  readonly items: readonly SharedItem[]
  /** What the role that asks may not read, in words. */
  readonly unread: readonly string[]
}

export interface SharedItem {
  /** Such as `role app`. */
  readonly object: string
  /** Such as `rolcanlogin`. */
  readonly property: string
  readonly value: string
  /** Whether the value may be shown: a password or a setting may not. */
  readonly isShown: boolean
}
