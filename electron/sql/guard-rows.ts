/**
 * SQL that lets the server refuse what a policy would narrow, and gives a row if it does.
 *
 * Where every policy that holds for the role shows it all rows, nothing is hidden, and nothing is refused.
 */
export function guardRowsSql(scope: 'transaction' | 'session'): string {
  return `select pg_catalog.set_config('row_security', 'off', ${scope === 'transaction'}) as guarded
where not coalesce((
  select pg_catalog.bool_and(${showsAllRows('c')})
  from pg_catalog.pg_class c
  where c.relrowsecurity and pg_catalog.row_security_active(c.oid)), false)`
}

/** SQL that is true where the policies of a table show all its rows to the role of the session. */
export function showsAllRows(table: string): string {
  return `(exists (
    select from pg_catalog.pg_policy p
    where p.polrelid = ${table}.oid and p.polpermissive and p.polcmd = '*'
      and pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true'
      and exists (select from pg_catalog.unnest(p.polroles) member (role)
        where member.role = 0 or pg_catalog.pg_has_role(member.role, 'usage')))
  and not exists (
    select from pg_catalog.pg_policy p where p.polrelid = ${table}.oid and not p.polpermissive))`
}

/**
 * SQL that is true where an INSERT of values needs row security for its own target only: its policy refuses aloud.
 *
 * Nothing that the INSERT runs besides, such as a trigger, a default or a function among its values, may look at other
 * rows: what a policy hides from that would be passed over in silence. Both arguments are SQL expressions: the table as
 * it is written, and an array of names that are called.
 */
export function insertShowsRowsSql(target: string, calls: string): string {
  return `select coalesce((
  select pg_catalog.row_security_active(c.oid)
    and not exists (select from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid
      where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled <> 'D' and ${looksAtRows})
    and not exists (select from pg_catalog.pg_proc p where p.proname = any (${calls}) and ${looksAtRows})
    and not exists (select from pg_catalog.pg_attrdef a
      join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = a.oid
        and d.refclassid = 'pg_catalog.pg_proc'::regclass
      join pg_catalog.pg_proc p on p.oid = d.refobjid where a.adrelid = c.oid and ${looksAtRows})
  from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass(${target})), false) as shown`
}

/** A function whose text holds a query, or calls one of the database's own functions. */
const looksAtRows = `p.pronamespace <> 'pg_catalog'::regnamespace
  and p.prolang not in (select l.oid from pg_catalog.pg_language l where l.lanname in ('c', 'internal'))
  and (p.prosqlbody is not null
    or p.prosrc ~* '\\m(select|insert|update|delete|merge|execute|perform|call|table)\\M'
    or exists (select from pg_catalog.pg_proc q
      where q.oid <> p.oid and q.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and q.prolang not in (select l.oid from pg_catalog.pg_language l where l.lanname in ('c', 'internal'))
        and pg_catalog.strpos(pg_catalog.lower(p.prosrc), q.proname || '(') > 0))`
