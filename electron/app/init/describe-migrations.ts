import type { FoundMigrations } from '../../../shared/topology/discovered-project.ts'

/** Migrations as a project file would name them; without any, the place where Alembic usually is. */
export function describeMigrations(chosen: FoundMigrations | null): object {
  if (chosen === null) return { alembic: { config: 'alembic.ini' } }
  const { kind, service, path } = chosen
  if (kind === 'sql') return { sql: { folder: path } }
  return { alembic: service === null ? { config: path } : { service, config: path } }
}

/** Migrations in words, for the writer of a project file. */
export function sayMigrations(chosen: FoundMigrations | null): string {
  if (chosen === null) return 'nothing yet: alembic.ini was assumed'
  const { kind, service, path } = chosen
  if (kind === 'sql') return `${path}/*.up.sql`
  return service === null ? path : `${path} in service ${service}`
}
