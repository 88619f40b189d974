import type { DatabaseTie } from '../../../catalog/database-tie.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** What the server keeps by the oid of a database, whatever that is called by then; asked from any database. */
export async function selectTies(client: DatabaseClient, database: string): Promise<readonly DatabaseTie[]> {
  const { rows } = await client.query<DatabaseTie>(
    `select 'slot' as kind, slot_name::text as name from pg_catalog.pg_replication_slots
       where database = $1 and not temporary
     union all
     select 'subscription', s.subname::text from pg_catalog.pg_subscription s
       join pg_catalog.pg_database d on d.oid = s.subdbid where d.datname = $1
     order by 1, 2`,
    [database],
  )
  return rows
}
