/**
 * A query part that lists the tables of a plan (`$1`, names for `to_regclass`) with their partitions and children;
 * no names means every user table. A table that does not exist yet is left out.
 */
export const targetTables = `
  recursive target(oid) as (
    select to_regclass(name)::oid from unnest($1::text[]) as wanted(name) where to_regclass(name) is not null
    union
    select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where cardinality($1::text[]) = 0 and c.relkind in ('r', 'p', 'm')
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union
    select i.inhrelid from target join pg_catalog.pg_inherits i on i.inhparent = target.oid
  )`
