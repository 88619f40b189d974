import type {
  HeldSubscription,
  HeldTable,
  LogicalSlot,
  Publication,
  PublishedTable,
} from '../../../engine/ports/subscriber-facts.ts'
import { describeType } from '../catalog/fingerprint-words.ts'
import { readColumnTypes, type WithSelectedTypes } from '../catalog/read-column-type.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** Logical slots of the whole server; those that only fill a new subscription come and go. */
export async function selectLogicalSlots(client: DatabaseClient): Promise<readonly LogicalSlot[]> {
  const { rows } = await client.query<LogicalSlot>(
    `select slot_name::text as name, database::text as database, active as "isActive"
     from pg_catalog.pg_replication_slots
     where slot_type = 'logical' and not temporary and slot_name !~ '^pg_[0-9]+_sync_[0-9]+_[0-9]+$'
     order by slot_name collate "C"`,
  )
  return rows
}

/** How far a slot's owner has confirmed, against a position; null when the slot is gone. */
export async function selectSlotProgress(
  client: DatabaseClient,
  slot: string,
  lsn: string,
): Promise<{ readonly hasReached: boolean; readonly missingBytes: number } | null> {
  const { rows } = await client.query<{ hasReached: boolean; missingBytes: number }>(
    `select coalesce(confirmed_flush_lsn >= $2::pg_lsn, false) as "hasReached",
       coalesce(greatest($2::pg_lsn - confirmed_flush_lsn, 0), 0)::float8 as "missingBytes"
     from pg_catalog.pg_replication_slots where slot_name = $1`,
    [slot, lsn],
  )
  return rows[0] ?? null
}

interface PublicationRow {
  readonly name: string
  readonly isForAll: boolean
  readonly schemas: readonly string[]
}

/** Publications of this database with what they send. Before PostgreSQL 15 there are neither schemas nor columns in them. */
export async function selectPublications(client: DatabaseClient): Promise<readonly Publication[]> {
  const { rows: known } = await client.query<{ hasSchemas: boolean }>(
    `select to_regclass('pg_catalog.pg_publication_namespace') is not null as "hasSchemas"`,
  )
  const schemas = known[0]?.hasSchemas
    ? `array(select n.nspname::text from pg_catalog.pg_publication_namespace pn
         join pg_catalog.pg_namespace n on n.oid = pn.pnnspid where pn.pnpubid = p.oid order by 1)`
    : 'array[]::text[]'
  const { rows } = await client.query<PublicationRow>(
    `select p.pubname::text as name, p.puballtables as "isForAll", ${schemas} as schemas
     from pg_catalog.pg_publication p order by p.pubname collate "C"`,
  )
  const tables = rows.length === 0 ? [] : await selectPublishedTables(client)
  return rows.map(({ name, isForAll, schemas: own }) => ({
    name,
    newTables: isForAll ? 'all' : own,
    tables: tables
      .filter(one => one.publication === name)
      .map(({ table, columns, isFixed }) => ({ table, columns, isFixed })),
  }))
}

/**
 * The view has `attnames`, and the catalog `prattrs`, since PostgreSQL 15: read as JSON, they may be missing.
 * Before 18 generated columns are listed, and never sent.
 */
async function selectPublishedTables(
  client: DatabaseClient,
): Promise<readonly (PublishedTable & { readonly publication: string })[]> {
  const { rows } = await client.query<WithSelectedTypes<PublishedTable> & { readonly publication: string }>(
    `select t.pubname::text as publication, quote_ident(t.schemaname)||'.'||quote_ident(t.tablename) as "table",
       (select coalesce(json_agg(json_build_object('name', a.attname, 'type', ${describeType('a.atttypid', 'a.atttypmod')})
            order by a.attnum), '[]')
          from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            and coalesce(to_jsonb(t)->'attnames' ? a.attname::text, true)
            and (a.attgenerated = '' or current_setting('server_version_num')::int >= 180000)) as columns,
       exists (select from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
         where r.prrelid = c.oid and p.pubname = t.pubname and to_jsonb(r)->>'prattrs' is not null) as "isFixed"
     from pg_catalog.pg_publication_tables t
     join pg_catalog.pg_namespace n on n.nspname = t.schemaname
     join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
     order by 1, 2`,
  )
  return rows.map(table => ({ ...table, columns: readColumnTypes(table.columns) }))
}

/** Subscriptions of every database, without their connection strings: those may hold passwords. */
export async function selectHeldSubscriptions(client: DatabaseClient): Promise<readonly HeldSubscription[]> {
  const { rows: known } = await client.query<{ hasErrors: boolean }>(
    `select to_regclass('pg_catalog.pg_stat_subscription_stats') is not null as "hasErrors"`,
  )
  const errors = known[0]?.hasErrors
    ? '(select e.apply_error_count::int from pg_catalog.pg_stat_subscription_stats e where e.subid = s.oid)'
    : 'null::int'
  const { rows } = await client.query<HeldSubscription>(
    `select s.subname::text as name, d.datname::text as database, s.subslotname::text as slot,
       s.subpublications as publications, s.subenabled as "isEnabled",
       exists (select from pg_catalog.pg_stat_subscription w
         where w.subid = s.oid and w.relid is null and w.pid is not null) as "isApplying",
       ${errors} as "applyErrors"
     from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid
     order by d.datname collate "C", s.subname collate "C"`,
  )
  return rows
}

/** Tables of this database with their columns, and the subscriptions that fill them. */
export async function selectHeldTables(client: DatabaseClient): Promise<readonly HeldTable[]> {
  const { rows } = await client.query<WithSelectedTypes<HeldTable>>(
    `select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as "table",
       (select coalesce(json_agg(json_build_object('name', a.attname, 'type', ${describeType('a.atttypid', 'a.atttypmod')},
            'isRequired', a.attnotnull and not a.atthasdef and a.attidentity = '') order by a.attnum), '[]')
          from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       array(select s.subname::text from pg_catalog.pg_subscription_rel r
         join pg_catalog.pg_subscription s on s.oid = r.srsubid where r.srrelid = c.oid order by 1) as "filledBy"
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by 1`,
  )
  return rows.map(table => ({ ...table, columns: readColumnTypes(table.columns) }))
}
