import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { DatabaseCode, ReachFacts, SharedItem, SharedState } from '../../../engine/ports/reach-facts.ts'
import { callAsPlanned, planNamesOf } from '../catalog/narrow-to-schema.ts'
import type { ClientOptions, DatabaseClient } from '../session/database-client.ts'
import { primaryServerOf } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { selectDatabaseCode } from './database-code.ts'
import {
  selectFileSettings,
  selectParameterRights,
  selectSharedObjects,
  selectSharedPasswords,
  selectSharedRights,
  selectSharedSettings,
} from './shared-state.ts'

const asking: ClientOptions = {
  applicationName: 'lockstep foresight',
  statementTimeoutMs: 15_000,
  settings: { search_path: '', default_transaction_read_only: 'on' },
}

/** What lies in a tenant's database, and what all databases of a server share. Reads only; holds nothing open by itself. */
export function createReachFacts(servers: readonly ServerSettings[]): ReachFacts {
  return {
    readCode: async (tenant, signal) => {
      const settings = primaryServerOf(servers, tenant)
      const code = await withClient(settings, tenant.database, asking, selectDatabaseCode, signal)
      const foreign = planNamesOf(
        tenant,
        code.foreignTables.map(table => ({ table })),
      )
      return {
        ...code,
        triggers: planNamesOf(tenant, code.triggers),
        followers: callFollowers(tenant, code.followers),
        implicit: [
          ...planNamesOf(
            tenant,
            code.implicit.flatMap(one => (one.table === null ? [] : [{ ...one, table: one.table }])),
          ),
          ...code.implicit.filter(({ table }) => table === null),
        ],
        foreignTables: foreign.map(({ table }) => table),
      }
    },
    readShared: (tenant, signal) => {
      const settings = primaryServerOf(servers, tenant)
      return withClient(settings, settings.maintenanceDatabase, asking, readShared, signal)
    },
  }
}

/** Both ends are called as in a plan. */
function callFollowers(tenant: Tenant, followers: DatabaseCode['followers']): DatabaseCode['followers'] {
  const called = callAsPlanned(tenant)
  return followers.map(({ table, follows }) => ({ table: called(table), follows: called(follows) }))
}

async function readShared(client: DatabaseClient): Promise<SharedState> {
  const { passwords, files, version } = await selectSharedRights(client)
  const shown = [
    ...(await selectSharedObjects(client)),
    ...(version >= 150_000 ? await selectParameterRights(client) : []),
  ]
  const hidden = [
    ...(await selectSharedSettings(client)),
    ...(passwords ? await selectSharedPasswords(client) : []),
    ...(files ? await selectFileSettings(client) : []),
  ]
  const mark = (items: typeof shown, isShown: boolean): readonly SharedItem[] =>
    items.map(item => ({ ...item, isShown }))
  const unread = [
    ...(passwords ? [] : ['passwords of roles']),
    ...(files ? [] : ['configuration files (pg_read_all_settings)']),
  ]
  return { items: [...mark(shown, true), ...mark(hidden, false)], unread }
}
