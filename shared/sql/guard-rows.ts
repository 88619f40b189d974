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
