import { routineName } from './fingerprint-routines.ts'
import { hasTypes } from './fingerprint-types.ts'
import { always, type FingerprintPart, isOwn, nameTable, qualify, rarely } from './fingerprint-words.ts'
import type { NameRole } from './name-role.ts'

/** What is owned and granted: kind, name, owner, list of grants, and the table that it goes with; defaults are made explicit. */
export function selectGranted(nameRole: NameRole): readonly FingerprintPart[] {
  return [
    always(relations),
    always(schemas),
    always(selectDefaults(nameRole)),
    {
      select: columns,
      when: 'exists (select 1 from pg_attribute where attacl is not null and attrelid >= 16384)',
    },
    rarely('pg_proc', routines),
    { select: types, when: hasTypes },
    rarely('pg_language', languages),
    rarely('pg_foreign_data_wrapper', wrappers),
    rarely('pg_foreign_server', servers),
    rarely('pg_operator', operators),
    ownedInSchema('operator_class', 'pg_opclass', 'opc'),
    ownedInSchema('operator_family', 'pg_opfamily', 'opf'),
    ownedInSchema('collation', 'pg_collation', 'coll'),
    ownedInSchema('conversion', 'pg_conversion', 'con'),
    ownedInSchema('statistics', 'pg_statistic_ext', 'stx'),
    ownedInSchema('text_search_dictionary', 'pg_ts_dict', 'dict'),
    ownedInSchema('text_search_configuration', 'pg_ts_config', 'cfg'),
    owned('event_trigger', 'pg_event_trigger', 'evt'),
    owned('publication', 'pg_publication', 'pub'),
  ]
}

/**
 * Owners and grants, one item an object, in an order that history has no say in.
 *
 * Hundreds of objects share a few lists of grants: each list is explained once.
 */
export function explainGrants(nameRole: NameRole): string {
  const grantee = `case when a.grantee = 0 then 'public' else ${nameRole('a.grantee')} end`
  const grantor = nameRole('a.grantor')
  return `
  select g.own, g.acl, 'owner='||${nameRole('g.own')}||' '||coalesce((
    select string_agg(${grantee}||'='||a.privilege_type||case when a.is_grantable then '*' else '' end
        ||'/'||${grantor}, ' '
      order by ${grantee} collate "C", a.privilege_type collate "C", ${grantor} collate "C")
    from aclexplode(nullif(g.acl, '{}')) a), '') as text
  from (select distinct own, acl from granted) g`
}

/** The items of `granted` as `explained`. */
export const selectGrantItems = `
select 'acl', g.k||' '||g.id, x.text, g.nspname, g.home, null::json
from granted g join explained x on x.own = g.own and x.acl = g.acl`

const relations = `
select 'rel', fq, relowner,
  coalesce(relacl, acldefault(case when relkind = 'S' then 's'::"char" else 'r' end, relowner)), ${nameTable('rel')}
from rel where relkind in ('r', 'p', 'v', 'm', 'f', 'S')`

const schemas = `
select 'schema', quote_ident(nspname), nspowner, coalesce(nspacl, acldefault('n', nspowner)), null::name, null::name from sch`

const columns = `
select 'column', r.fq||'.'||quote_ident(a.attname), r.relowner, a.attacl, ${nameTable('r')}
from pg_attribute a join rel r on r.oid = a.attrelid
where a.attacl is not null and a.attnum > 0 and not a.attisdropped`

const routines = `
select 'function', ${routineName}, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)), null::name, null::name
from pg_proc p join sch s on s.oid = p.pronamespace
where ${isOwn('pg_proc', 'p.oid')}`

const types = `
select 'type', fq, typowner, coalesce(typacl, acldefault('T', typowner)), null::name, null::name from typ`

const languages = `
select 'language', quote_ident(l.lanname), l.lanowner, coalesce(l.lanacl, acldefault('l', l.lanowner)), null::name, null::name
from pg_language l where l.oid >= 16384 and ${isOwn('pg_language', 'l.oid')}`

const wrappers = `
select 'foreign_wrapper', quote_ident(w.fdwname), w.fdwowner, coalesce(w.fdwacl, acldefault('F', w.fdwowner)), null::name, null::name
from pg_foreign_data_wrapper w where ${isOwn('pg_foreign_data_wrapper', 'w.oid')}`

const servers = `
select 'foreign_server', quote_ident(f.srvname), f.srvowner, coalesce(f.srvacl, acldefault('S', f.srvowner)), null::name, null::name
from pg_foreign_server f where ${isOwn('pg_foreign_server', 'f.oid')}`

const operators = `
select 'operator', o.oid::regoperator::text, o.oprowner, '{}'::aclitem[], null::name, null::name
from pg_operator o join sch s on s.oid = o.oprnamespace
where ${isOwn('pg_operator', 'o.oid')}`

function selectDefaults(nameRole: NameRole): string {
  return `
select 'default:'||d.defaclobjtype::text,
  ${nameRole('d.defaclrole')}||' in '||coalesce(
    (select quote_ident(n.nspname) from pg_namespace n where n.oid = d.defaclnamespace), '*'),
  d.defaclrole, d.defaclacl, null::name, null::name
from pg_default_acl d`
}

/** What has an owner and no grants, in a schema. */
function ownedInSchema(kind: string, catalog: string, prefix: string): FingerprintPart {
  return rarely(
    catalog,
    `
select '${kind}', ${qualify('s.nspname', `o.${prefix}name`)}, o.${prefix}owner, '{}'::aclitem[], null::name, null::name
from ${catalog} o join sch s on s.oid = o.${prefix}namespace
where ${isOwn(catalog, 'o.oid')}`,
  )
}

/** What has an owner and no grants, outside of schemas. */
function owned(kind: string, catalog: string, prefix: string): FingerprintPart {
  return rarely(
    catalog,
    `
select '${kind}', quote_ident(o.${prefix}name), o.${prefix}owner, '{}'::aclitem[], null::name, null::name
from ${catalog} o
where ${isOwn(catalog, 'o.oid')}`,
  )
}
