import type { DisabledForeignKey } from '../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** A foreign key and the condition that its orphans meet. */
export interface ForeignKeyRow {
  readonly table: string
  readonly constraint: string
  readonly validated: boolean
  readonly enforced: boolean
  /** `from ... where ...`, to be counted or shown. */
  readonly orphans: string
  /** Those of its two tables on which row-level security holds for the role. */
  readonly hidden: readonly string[]
  readonly role: string
}

/**
 * Lists every foreign key, with the condition for a row without a parent.
 *
 * Operators and collations are those of the constraint, not what the search path would find. Columns that newer versions
 * have (`conenforced` and `conperiod`, PostgreSQL 18) are read from the row as JSON, so that older ones understand the statement.
 * With MATCH FULL a partly empty key is an orphan too; with PERIOD the parents together must cover the child's time.
 */
export async function selectForeignKeys(client: DatabaseClient): Promise<readonly ForeignKeyRow[]> {
  const { rows } = await client.query<ForeignKeyRow>(
    `with fk as (
       select con.oid, con.conrelid, con.confrelid, con.conname, con.convalidated, con.confmatchtype, con.conkey,
         con.confkey, con.conpfeqop, cardinality(con.conkey) as width,
         coalesce((to_jsonb(con) ->> 'conenforced')::boolean, true) as enforced,
         coalesce((to_jsonb(con) ->> 'conperiod')::boolean, false) as period
       from pg_catalog.pg_constraint con where con.contype = 'f' and con.conparentid = 0
     ), pair as (
       select fk.oid, key.at, format('c.%I', child.attname) as child, format('p.%I', parent.attname) as parent,
         format('p.%I operator(%I.%s) c.%I%s', parent.attname, ops.nspname, op.oprname, child.attname,
           case when coll.oid is not null then format(' collate %I.%I', colls.nspname, coll.collname) end) as equal
       from fk
       cross join lateral unnest(fk.conkey, fk.confkey, fk.conpfeqop) with ordinality as key(child, parent, operator, at)
       join pg_catalog.pg_attribute child on child.attrelid = fk.conrelid and child.attnum = key.child
       join pg_catalog.pg_attribute parent on parent.attrelid = fk.confrelid and parent.attnum = key.parent
       join pg_catalog.pg_operator op on op.oid = key.operator
       join pg_catalog.pg_namespace ops on ops.oid = op.oprnamespace
       left join pg_catalog.pg_collation coll on coll.oid = parent.attcollation and parent.attcollation <> child.attcollation
       left join pg_catalog.pg_namespace colls on colls.oid = coll.collnamespace
     ), shape as (
       select fk.oid,
         string_agg(pair.child || ' is not null', ' and ' order by pair.at) as filled,
         string_agg(pair.child || ' is null', ' and ' order by pair.at) as empty,
         string_agg(pair.equal, ' and ' order by pair.at) as equal,
         string_agg(pair.equal, ' and ' order by pair.at) filter (where pair.at < fk.width) as equal_before_period,
         max(pair.child) filter (where pair.at = fk.width) as last_child,
         max(pair.parent) filter (where pair.at = fk.width) as last_parent
       from fk join pair on pair.oid = fk.oid group by fk.oid
     )
     select fk.conrelid::regclass::text collate "C" as "table", fk.conname::text collate "C" as "constraint", fk.convalidated as validated,
       fk.enforced, current_user::text as role,
       array(select distinct held::regclass::text collate "C" from unnest(array[fk.conrelid, fk.confrelid]) held
         where pg_catalog.row_security_active(held) order by 1) as hidden,
       format('from %s%s c where %s and not %s', case child.relkind when 'p' then '' else 'only ' end, fk.conrelid::regclass,
         case fk.confmatchtype when 'f' then 'not (' || shape.empty || ')' else shape.filled end,
         case when fk.period
           then format('coalesce(%s <@ (select range_agg(%s) from %s p where %s), false)',
             shape.last_child, shape.last_parent, fk.confrelid::regclass, shape.equal_before_period)
           else format('exists (select from %s%s p where %s)', case parent.relkind when 'p' then '' else 'only ' end,
             fk.confrelid::regclass, shape.equal) end) as orphans
     from fk
     join shape on shape.oid = fk.oid
     join pg_catalog.pg_class child on child.oid = fk.conrelid
     join pg_catalog.pg_class parent on parent.oid = fk.confrelid
     order by 1, 2`,
  )
  return rows
}

/** Counts rows without a parent, up to 1001: more would say nothing new. */
export async function countOrphans(client: DatabaseClient, { orphans }: ForeignKeyRow): Promise<number> {
  const { rows } = await client.query<{ readonly count: number }>(
    `select count(*)::int as count from (select 1 ${orphans} limit 1001) as found`,
  )
  return rows[0]?.count ?? 0
}

/** Limits the statements that follow in this session. */
export async function limitStatements(client: DatabaseClient, milliseconds: number): Promise<void> {
  await client.query(`select set_config('statement_timeout', $1, false)`, [String(milliseconds)])
}

/** Lists foreign keys whose internal triggers do not fire in an ordinary session. */
export async function selectDisabledForeignKeys(
  client: DatabaseClient,
): Promise<readonly DisabledForeignKey[]> {
  const { rows } = await client.query<DisabledForeignKey>(
    `select distinct tg.tgrelid::regclass::text collate "C" as "table", con.conname::text collate "C" as "constraint"
     from pg_catalog.pg_trigger tg
     join pg_catalog.pg_constraint con on con.oid = tg.tgconstraint and con.contype = 'f'
     where tg.tgisinternal and tg.tgenabled in ('D', 'R')
     order by 1, 2`,
  )
  return rows
}
