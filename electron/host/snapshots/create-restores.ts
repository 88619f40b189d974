import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { primaryServerOf } from '../../adapters/postgres/session/find-server.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { withClient } from '../../adapters/postgres/session/with-client.ts'
import { copyDatabasePrivileges } from '../../adapters/postgres/snapshots/database-privileges.ts'
import { selectTies } from '../../adapters/postgres/snapshots/database-ties.ts'
import { copyDatabase, dropCopy, onServer } from '../../adapters/postgres/snapshots/snapshot-database.ts'
import { selectCopies } from '../../adapters/postgres/snapshots/snapshot-queries.ts'
import {
  closeDatabase,
  openDatabase,
  swapDatabases,
} from '../../adapters/postgres/snapshots/swap-databases.ts'
import type { Restores } from '../../engine/ports/restores.ts'
import { fileOf } from './create-snapshots.ts'
import { proveCopy, restoreInto, type SnapshotTools } from './take-copy.ts'

/** Puts snapshots in the place of tenants. */
export function createRestores(tools: SnapshotTools): Restores {
  const { servers, records } = tools
  const serverOf = (tenant: Tenant): ServerSettings => primaryServerOf(servers, tenant)
  const find = (name: string): ServerSettings => {
    const settings = servers.find(one => one.name === name)
    if (settings) return settings
    throw new LockstepError({ kind: 'internal', message: `no server is called ${name}` })
  }
  return {
    async prepare(snapshot, tenant, database, signal) {
      const settings = serverOf(tenant)
      await dropCopy(settings, database)
      try {
        if (snapshot.kind === 'template')
          await copyDatabase(settings, { from: snapshot.location, to: database, minFreeBytes: 0 }, signal)
        else {
          const file = fileOf(records, snapshot)
          await restoreInto(tools, settings, { name: database, like: tenant.database, file }, signal)
          // A dump holds no statistics: the first queries would be planned blindly.
          const asking = { applicationName: 'lockstep restore' }
          await withClient(settings, database, asking, client => client.query('analyze'), signal)
        }
        await proveCopy(tools, { settings, tenant }, database, snapshot.fingerprint, signal)
        await onServer(settings, client => copyDatabasePrivileges(client, tenant.database, database), signal)
      } catch (error) {
        await dropCopy(settings, database).catch(() => undefined)
        throw error
      }
    },
    discard: (server, database) => dropCopy(find(server), database),
    close: (tenant, signal) => closeDatabase(serverOf(tenant), tenant.database, signal),
    open: (tenant, signal) => openDatabase(serverOf(tenant), tenant.database, signal),
    swap: (server, swaps, signal) => swapDatabases(find(server), swaps, signal),
    readTies: (tenant, signal) =>
      onServer(serverOf(tenant), client => selectTies(client, tenant.database), signal),
    async listStrays(server, signal) {
      const found = await onServer(find(server), selectCopies, signal)
      const kept = new Set((await records.list()).map(one => one.location))
      return found.filter(one => !kept.has(one.database)).map(one => ({ server, ...one }))
    },
  }
}
