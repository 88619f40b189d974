import { toFailure } from '../../../../shared/failure/failure.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { runAsOwner } from './run-as-owner.ts'
import { endOwnSessions } from './shadow-queries.ts'

/**
 * Drops a database of ours, even while sessions are connected, as far as the login may end their sessions.
 *
 * `with (force)` gives up at once where one session is a superuser's, such as that of a monitor that connects to every
 * database, or an autovacuum worker's. Without it the server waits 5 s for sessions, and ends autovacuum workers itself.
 */
export async function dropDatabase(client: DatabaseClient, name: string): Promise<void> {
  const statement = `drop database if exists ${quoteIdentifier(name)}`
  try {
    await runAsOwner(client, name, `${statement} with (force)`)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'database_error' || failure.sqlstate !== '42501') throw error
    await endOwnSessions(client, name)
    await runAsOwner(client, name, statement)
  }
}
