import { AsyncResource } from 'node:async_hooks'
import { asOneHolder } from '../../adapters/postgres/session/connection-room.ts'
import type { MigrateObserver, MigrationSource } from '../../engine/ports/migration-source.ts'

/** The same source, whose migrations wait for no other one with what they open beside their own session. */
export function holdPlaces(source: MigrationSource): MigrationSource {
  return {
    ...source,
    migrate: (request, observer, signal) =>
      asOneHolder(() => source.migrate(request, bindObserver(observer), signal)),
  }
}

/** A runner's messages come from its pipe, which knows nothing of the migration: the observer belongs to it all the same. */
function bindObserver(observer: MigrateObserver): MigrateObserver {
  const bound: MigrateObserver = { ...observer }
  for (const [name, tell] of Object.entries(observer))
    if (typeof tell === 'function') Reflect.set(bound, name, AsyncResource.bind(tell))
  return bound
}
