import { type FingerprintPart, firstOwnOid } from './fingerprint-words.ts'

/** Comments and security labels, on whatever they are. */
export function selectNoteItems(): readonly FingerprintPart[] {
  return [
    {
      select: relationComments,
      when: `exists (select 1 from pg_description where objoid >= ${firstOwnOid})`,
    },
    { select: otherComments, when: `exists (select 1 from pg_description d where ${isWritten})` },
    { select: securityLabels, when: 'exists (select 1 from pg_seclabel)' },
  ]
}

/** By far the most comments are on tables and columns: they are named without asking what they are. */
const relationComments = `
select 'comment', r.fq||coalesce('.'||quote_ident(a.attname), ''), d.description
from pg_description d
join rel r on r.oid = d.objoid
left join pg_attribute a on a.attrelid = r.oid and a.attnum = d.objsubid and d.objsubid > 0
where d.classoid = 'pg_class'::regclass`

const isNoLargeObject = `d.classoid <> 'pg_largeobject'::regclass`
const isOwn = `not exists (select 1 from ext e where e.classid = d.classoid and e.objid = d.objoid)`

/** Comments on what initdb made are not ours, except on the schema public: its comment may be a person's. */
const isWritten = `d.classoid <> 'pg_class'::regclass and (d.objoid >= ${firstOwnOid}
    or (d.classoid = 'pg_namespace'::regclass and d.objoid = 2200 and d.description <> 'standard public schema'))`

const otherComments = `
select 'comment', o.type||' '||o.identity, d.description
from pg_description d
cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) o
where ${isWritten} and ${isNoLargeObject} and ${isOwn}`

const securityLabels = `
select 'security_label', d.provider||' '||o.type||' '||o.identity, d.label
from pg_seclabel d
cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) o
where ${isNoLargeObject} and ${isOwn}`
