import {
  described,
  describeName,
  type FingerprintPart,
  firstOwnOid,
  hasOwn,
  isOwn,
  nameTable,
  rarely,
} from './fingerprint-words.ts'
import type { NameRole } from './name-role.ts'

/** Triggers, rules and policies: what acts on a relation. */
export function selectRuleItems(nameRole: NameRole): readonly FingerprintPart[] {
  return [
    described(triggers, 'exists (select 1 from pg_trigger where not tgisinternal)'),
    described(
      rules,
      `exists (select 1 from pg_rewrite where oid >= ${firstOwnOid} and rulename <> '_RETURN')`,
    ),
    described(selectPolicies(nameRole), hasOwn('pg_policy')),
    rarely('pg_event_trigger', eventTriggers),
  ]
}

/** What has a name of its own, and belongs to a relation. */
function describePart(name: string): string {
  return `json_build_object('is', 'part', 'name', ${describeName('r.nspname', 'r.relname', name)})`
}

/** The copy of a trigger that a partition has is its parent's matter, unless it is switched another way; 14 calls it internal. */
const triggers = `
select 'trigger', r.fq||'.'||quote_ident(t.tgname),
  pg_get_triggerdef(t.oid, false)||' enabled='||t.tgenabled::text,
  ${nameTable('r')}, ${describePart('t.tgname')}
from pg_trigger t
join rel r on r.oid = t.tgrelid
left join pg_trigger parent on parent.oid = t.tgparentid and t.tgparentid <> 0
where (not t.tgisinternal and t.tgparentid = 0) or (not parent.tgisinternal and parent.tgenabled <> t.tgenabled)`

const rules = `
select 'rule', r.fq||'.'||quote_ident(w.rulename), pg_get_ruledef(w.oid, false)||' enabled='||w.ev_enabled::text,
  ${nameTable('r')}, ${describePart('w.rulename')}
from pg_rewrite w join rel r on r.oid = w.ev_class
where w.rulename <> '_RETURN'`

function selectPolicies(nameRole: NameRole): string {
  const name = `case when x = 0 then 'public' else ${nameRole('x')} end`
  return `
select 'policy', r.fq||'.'||quote_ident(p.polname),
  concat_ws(' ', 'cmd='||p.polcmd::text, 'permissive='||p.polpermissive::int,
    'roles='||(select string_agg(${name}, ',' order by ${name} collate "C") from unnest(p.polroles) x),
    'using='||pg_get_expr(p.polqual, p.polrelid), 'check='||pg_get_expr(p.polwithcheck, p.polrelid)),
  ${nameTable('r')}, ${describePart('p.polname')}
from pg_policy p join rel r on r.oid = p.polrelid`
}

const eventTriggers = `
select 'event_trigger', quote_ident(ev.evtname),
  concat_ws(' ', ev.evtevent, ev.evtfoid::regprocedure::text, 'enabled='||ev.evtenabled::text,
    'tags='||(select string_agg(tag, ',' order by tag collate "C") from unnest(ev.evttags) tag))
from pg_event_trigger ev
where ${isOwn('pg_event_trigger', 'ev.oid')}`
