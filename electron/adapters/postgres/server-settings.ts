/** How to reach one server. Lives in the adapters only: it never enters an event, a failure or a log. */
export interface ServerSettings {
  readonly name: string
  readonly cluster: string
  readonly declaredRole: 'primary' | 'standby'
  readonly host: string
  readonly port: number
  readonly user: string
  /** Null: whatever libpq would use (PGPASSFILE, ~/.pgpass) or no password. */
  readonly password: string | null
  /** The database for questions about the whole cluster, and for the run lock. */
  readonly maintenanceDatabase: string
  readonly tls: 'disable' | 'require' | 'verify-full'
}
