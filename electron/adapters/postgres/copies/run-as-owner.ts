import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { selectOwnerToTake } from './reading-role.ts'

/** Runs what only the owner of a database may; a login that does not inherit the owner's rights takes its role for it. */
export async function runAsOwner(client: DatabaseClient, database: string, statement: string): Promise<void> {
  const owner = await selectOwnerToTake(client, database)
  if (owner !== null) await client.query(`set role ${quoteIdentifier(owner.name)}`)
  try {
    await client.query(statement)
  } finally {
    if (owner !== null) await client.query('reset role')
  }
}

/** Lets the login into a database that refuses all other roles, where it has no rights of its own. */
export async function letLoginIn(client: DatabaseClient, database: string): Promise<void> {
  const owner = await selectOwnerToTake(client, database)
  if (owner === null) return
  const name = quoteIdentifier(database)
  await runAsOwner(
    client,
    database,
    `grant connect, temporary on database ${name} to ${quoteIdentifier(owner.login)}`,
  )
}
