import type { FoundMigrations } from '../../../shared/topology/discovered-project.ts'

/** The migrations that a run would take: those of a container that can run them come first. */
export function chooseMigrations(found: readonly FoundMigrations[]): FoundMigrations | null {
  return (
    found.find(one => one.service !== null && one.interpreter !== null) ??
    found.find(one => one.service === null) ??
    found[0] ??
    null
  )
}
