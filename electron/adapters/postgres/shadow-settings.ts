import { describeFailure } from '../../../shared/describe-failure.ts'
import { toFailure } from '../../../shared/failure.ts'
import type { DatabaseClient } from './database-client.ts'
import { type DatabaseSetting, selectDatabaseSettings } from './queries/shadow-queries.ts'
import { quoteIdentifier } from './quote-identifier.ts'

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

/** Taken over from the session: a list such as a search path needs no quoting of its own that way. */
async function copySetting(client: DatabaseClient, copy: string, { role, name, value }: DatabaseSetting) {
  const target =
    role === null
      ? `database ${quoteIdentifier(copy)}`
      : `role ${quoteIdentifier(role)} in database ${quoteIdentifier(copy)}`
  await client.query('begin')
  try {
    await client.query('select set_config($1, $2, true)', [name, value])
    const quoted = name.split('.').map(quoteIdentifier).join('.')
    await client.query(`alter ${target} set ${quoted} from current`)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
