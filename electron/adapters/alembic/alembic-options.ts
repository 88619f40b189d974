import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { Inspection, InspectionStatement } from '../../engine/ports/inspection.ts'
import type { SqlParser } from '../../engine/ports/sql-parser.ts'
import type { OpenPipelinedSession } from '../../transactions/sql-session.ts'
import type { ExecutionHost } from './execution-host.ts'
import type { PositionSources } from './position-reader.ts'

/** How a tenant's URL reaches `env.py`. */
export type UrlDelivery =
  /** An option of the main section of alembic.ini; `sqlalchemy.url` when not named. */
  | { readonly kind: 'ini'; readonly option?: string }
  | { readonly kind: 'env'; readonly variable: string; readonly section?: string }
  /** `-x name=url`. */
  | { readonly kind: 'x'; readonly name: string }
  /** `alembic -n name`, with `sqlalchemy.url` set in that section. */
  | { readonly kind: 'section'; readonly name: string }

/** Where a tenant's database is. Secrets go to the runner over a pipe only. */
export interface TenantServer {
  readonly name?: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string | null
  readonly tls: 'disable' | 'require' | 'verify-full'
  /** When known, `env.py` must connect to exactly this cluster. */
  readonly systemIdentifier?: string
}

/** Rows of the inspection statements by name; every value is JSON. */
export type InspectionRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** What is asked inside the migrating transaction before it votes, and how the answers are read. */
export interface InspectionQueries {
  readonly statements:
    | readonly InspectionStatement[]
    | ((tenant: Tenant, wants: { readonly withFiles: boolean }) => readonly InspectionStatement[])
  /** Heads and transaction id are the runner's own answer. */
  parse(rows: InspectionRows, tenant: Tenant): Omit<Inspection, 'xid' | 'heads'>
}

/** An Alembic project, and how its tenants are reached. */
export interface AlembicOptions {
  /** Where the project is; this machine when not given. */
  readonly host?: ExecutionHost
  /** Path, where the project is, of alembic.ini or of a pyproject.toml that holds `[tool.alembic]`. */
  readonly iniFile: string
  /** The section of alembic.ini, when it is not `alembic`. */
  readonly section?: string
  /** An interpreter or a virtual environment; found when not given. */
  readonly interpreter?: string
  readonly urlDelivery?: UrlDelivery
  /** Driver part of the URL; empty for none. Chosen from the project's URL and what is installed when not given. */
  readonly driver?: string
  /** How many tenants at a time: one warm process each. */
  readonly workers: number
  readonly runnerFolder?: string
  serverFor(tenant: Tenant): TenantServer
  /** The system identifier of a tenant's server; null when it does not say. Without it, ports are compared. */
  identifyServer?(tenant: Tenant, signal: AbortSignal): Promise<string | null>
  /** Waits until one more connection to a tenant's server may be had; gives what gives it back. */
  enterRoom?(tenant: Tenant, signal: AbortSignal): Promise<() => void>
  /** Ends sessions that are merely kept on a tenant's server: called where a limit leaves `env.py` no connection. */
  makeRoom?(tenant: Tenant): Promise<void>
  readonly inspection?: InspectionQueries
  /** Reads version tables without the project's help, where that is possible; the project is always asked when not given. */
  readonly readVersionTable?: PositionSources['readVersionTable']
  /** Looks at the statements of revisions as at those of files; without it only the runner does. */
  readonly parser?: SqlParser
  /** Whether policies may hide rows from a revision, so that it runs although they do; default: from none. */
  readonly acceptsHiddenRows?: (step: PlannedStep) => boolean
  /** Opens a session for what was recorded of one tenant and is sent to those alike; without it each runs in Python. */
  readonly openSession?: OpenPipelinedSession
  /** Further `-x name=value` arguments. */
  readonly xArguments?: Readonly<Record<string, string>>
  /** The name under which `env.py` takes a tenant's schema: `-x name=schema`. */
  readonly schemaArgument?: string
  /** Further environment variables of the project. */
  readonly environment?: Readonly<Record<string, string>>
}
