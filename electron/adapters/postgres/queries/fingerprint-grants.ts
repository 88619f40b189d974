import type { NameRole } from './name-role.ts'

/** Owners and grants, one item an object; defaults are made explicit and the order is normalised. */
export function selectGrantItems(nameRole: NameRole): string {
  const grantee = `case when a.grantee = 0 then 'public' else ${nameRole('a.grantee')} end`
  const grantor = nameRole('a.grantor')
  return `
select 'acl', k||' '||id, 'owner='||${nameRole('own')}||' '||coalesce((
    select string_agg(${grantee}||'='||a.privilege_type||case when a.is_grantable then '*' else '' end
        ||'/'||${grantor}, ' '
      order by ${grantee} collate "C", a.privilege_type collate "C", ${grantor} collate "C")
    from aclexplode(acl) a), '')
from (
  select 'rel' as k, fq as id, relowner as own,
    coalesce(relacl, acldefault(case when relkind = 'S' then 's'::"char" else 'r' end, relowner)) as acl
  from rel where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select 'schema', quote_ident(nspname), nspowner, coalesce(nspacl, acldefault('n', nspowner)) from sch
  union all
  select 'function',
    quote_ident(s.nspname)||'.'||quote_ident(p.proname)||'('||pg_get_function_identity_arguments(p.oid)||')',
    p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
  from pg_proc p join sch s on s.oid = p.pronamespace
  where not exists (select 1 from ext e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
  union all
  select 'column', r.fq||'.'||quote_ident(a.attname), r.relowner, a.attacl
  from pg_attribute a join rel r on r.oid = a.attrelid
  where a.attacl is not null and a.attnum > 0 and not a.attisdropped
  union all
  select 'type', quote_ident(s.nspname)||'.'||quote_ident(t.typname), t.typowner,
    coalesce(t.typacl, acldefault('T', t.typowner))
  from pg_type t join sch s on s.oid = t.typnamespace
  where t.typtype in ('e', 'd', 'r')
    and not exists (select 1 from ext e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
  union all
  select 'default:'||d.defaclobjtype::text,
    ${nameRole('d.defaclrole')}||' in '||coalesce(
      (select quote_ident(n.nspname) from pg_namespace n where n.oid = d.defaclnamespace), '*'),
    d.defaclrole, d.defaclacl
  from pg_default_acl d) g`
}
