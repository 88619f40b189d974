import type { PreparedTransaction } from '../../../engine/ports/servers.ts'
import { quoteLiteral } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/**
 * Every prepared transaction of the cluster, whichever database it belongs to.
 *
 * The view shows the short id of 32 bits; the whole one is what `pg_xact_status` and the run log speak of.
 */
export async function selectPreparedTransactions(
  client: DatabaseClient,
): Promise<readonly PreparedTransaction[]> {
  const { rows } = await client.query<PreparedTransaction>(
    `select gid, database::text as database, owner::text as owner,
       (case when epoch + low <= next then epoch + low else epoch + low - (1::bigint << 32) end)::text as xid,
       extract(epoch from clock_timestamp() - prepared)::float8 as "ageSeconds"
     from pg_prepared_xacts
     cross join lateral (select transaction::text::bigint as low) as short
     cross join (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next) as newest
     cross join lateral (select (next >> 32) << 32 as epoch) as round
     order by gid collate "C"`,
  )
  return rows
}

/** The fate of a transaction; null when it is so old that the server has forgotten it. */
export async function selectTransactionStatus(client: DatabaseClient, xid: string): Promise<string | null> {
  const { rows } = await client.query<{ status: string | null }>(
    'select pg_xact_status($1::text::xid8) as status',
    [xid],
  )
  return rows[0]?.status ?? null
}

/** The role that a prepared transaction belongs to, and the one that asks; null when there is no such transaction. */
export async function selectOwner(
  client: DatabaseClient,
  gid: string,
): Promise<{ readonly owner: string; readonly user: string } | null> {
  const { rows } = await client.query<{ owner: string; user: string }>(
    'select owner::text as owner, session_user::text as "user" from pg_catalog.pg_prepared_xacts where gid = $1',
    [gid],
  )
  return rows[0] ?? null
}

/** Ends a prepared transaction; must run in its own database, by the role that prepared it or a superuser. */
export async function finishPrepared(
  client: DatabaseClient,
  how: 'commit' | 'rollback',
  gid: string,
): Promise<string> {
  const { command } = await client.query(`${how} prepared ${quoteLiteral(gid)}`)
  return command
}
