import { describeFailure } from '../../../../shared/failure/describe-failure.ts'
import { toFailure } from '../../../../shared/failure/failure.ts'
import { quoteIdentifier, quoteLiteral } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { type DatabaseSetting, selectDatabaseSettings } from './shadow-queries.ts'

/** Gives a copy the settings of its source, which belong to the database and are not copied with it; says which were refused. */
export async function copyDatabaseSettings(
  client: DatabaseClient,
  source: string,
  copy: string,
): Promise<readonly string[]> {
  const refused: string[] = []
  for (const setting of await selectDatabaseSettings(client, source)) {
    try {
      await copySetting(client, copy, setting)
    } catch (error) {
      const { what, why } = describeFailure(toFailure(error))
      refused.push(`${setting.name} is not set on the copy (${why || what})`)
    }
  }
  return refused
}

async function copySetting(client: DatabaseClient, copy: string, { role, name, value }: DatabaseSetting) {
  const target =
    role === null
      ? `database ${quoteIdentifier(copy)}`
      : `role ${quoteIdentifier(role)} in database ${quoteIdentifier(copy)}`
  const quoted = name.split('.').map(quoteIdentifier).join('.')
  if (lists.has(name)) await copyList(client, `alter ${target} set ${quoted}`, name, value)
  else await client.query(`alter ${target} set ${quoted} to ${quoteLiteral(value)}`)
}

/** A list is taken over from the session, which reads the value as the server keeps it: as a literal it would be one name. */
async function copyList(client: DatabaseClient, command: string, name: string, value: string): Promise<void> {
  await client.query('begin')
  try {
    await client.query('select set_config($1, $2, true)', [name, value])
    await client.query(`${command} from current`)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/**
 * The settings that keep a list of quoted names; an extension can have none.
 *
 * Everything else is written as a literal, as pg_dump does it (`variable_is_guc_list_quote`): taken over from the
 * session it would first hold for the session itself, and with `role` that would be another one's.
 */
const lists: ReadonlySet<string> = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])
