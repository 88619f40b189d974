import type { DatabaseClient } from '../session/database-client.ts'
import { targetTables } from './gate-target-tables.ts'

/** Counts the relations that a change of these tables may lock: tables, indexes, toast, sequences. */
export async function countRelations(client: DatabaseClient, tables: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ readonly count: number }>(
    `with ${targetTables},
     heap(oid) as (
       select oid from target
       union
       select c.reltoastrelid from pg_catalog.pg_class c join target on target.oid = c.oid where c.reltoastrelid <> 0
     ),
     part(oid) as (
       select oid from heap
       union
       select i.indexrelid from pg_catalog.pg_index i join heap on heap.oid = i.indrelid
       union
       select d.objid from pg_catalog.pg_depend d join target on target.oid = d.refobjid
       join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
       where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
         and d.deptype in ('a', 'i')
     )
     select count(*)::int as count from part`,
    [tables],
  )
  return rows[0]?.count ?? 0
}

/** Lists the tables of one schema, qualified. */
export async function selectTablesOfSchema(
  client: DatabaseClient,
  schema: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p', 'm') order by 1`,
    [schema],
  )
  return rows.map(({ name }) => name)
}
