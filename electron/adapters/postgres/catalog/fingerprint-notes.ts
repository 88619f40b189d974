import { described, type FingerprintPart, firstOwnOid, nameTable } from './fingerprint-words.ts'

/** Comments and security labels, on whatever they are. */
export function selectNoteItems(): readonly FingerprintPart[] {
  return [
    described(relationComments, `exists (select 1 from pg_description where objoid >= ${firstOwnOid})`),
    described(otherComments, `exists (select 1 from pg_description d where ${isWritten})`),
    described(securityLabels, 'exists (select 1 from pg_seclabel)'),
  ]
}

/** By far the most comments are on tables and columns: they are named without asking what they are. */
const relationComments = `
select 'comment', r.fq||coalesce('.'||quote_ident(a.attname), ''), d.description, ${nameTable('r')}, null::json
from pg_description d
join rel r on r.oid = d.objoid
left join pg_attribute a on a.attrelid = r.oid and a.attnum = d.objsubid and d.objsubid > 0
where d.classoid = 'pg_class'::regclass`

const isNoLargeObject = `d.classoid <> 'pg_largeobject'::regclass`
const isOwn = `not exists (select 1 from ext e where e.classid = d.classoid and e.objid = d.objoid)`

/** Comments on what initdb made are not ours, except on the schema public: its comment may be a person's. */
const isWritten = `d.classoid <> 'pg_class'::regclass and (d.objoid >= ${firstOwnOid}
    or (d.classoid = 'pg_namespace'::regclass and d.objoid = 2200 and d.description <> 'standard public schema'))`

/** The relation that goes with what is spoken of. */
const relationOf = `case d.classoid
    when 'pg_class'::regclass then d.objoid
    when 'pg_constraint'::regclass then (select nullif(conrelid, 0) from pg_constraint where oid = d.objoid)
    when 'pg_trigger'::regclass then (select tgrelid from pg_trigger where oid = d.objoid)
    when 'pg_rewrite'::regclass then (select ev_class from pg_rewrite where oid = d.objoid)
    when 'pg_policy'::regclass then (select polrelid from pg_policy where oid = d.objoid) end`

const otherComments = `
select 'comment', o.type||' '||o.identity, d.description, ${nameTable('r')}, null::json
from pg_description d
cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) o
left join rel r on r.oid = ${relationOf}
where ${isWritten} and ${isNoLargeObject} and ${isOwn}`

const securityLabels = `
select 'security_label', d.provider||' '||o.type||' '||o.identity, d.label, ${nameTable('r')}, null::json
from pg_seclabel d
cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) o
left join rel r on r.oid = ${relationOf}
where ${isNoLargeObject} and ${isOwn}`
