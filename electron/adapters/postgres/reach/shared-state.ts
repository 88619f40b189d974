import type { SharedItem } from '../../../engine/ports/reach-facts.ts'
import { copyNamePattern } from '../../../naming/copy-name.ts'
import type { DatabaseClient } from '../session/database-client.ts'

type Row = Pick<SharedItem, 'object' | 'property' | 'value'>

/** Whether the asking role may read a catalog, or call what reads a file. */
export async function selectSharedRights(
  client: DatabaseClient,
): Promise<{ readonly passwords: boolean; readonly files: boolean; readonly version: number }> {
  const { rows } = await client.query<{ passwords: boolean; files: boolean; version: number }>(
    `select has_table_privilege('pg_catalog.pg_authid', 'select') as passwords,
       has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'execute')
         and has_table_privilege('pg_catalog.pg_file_settings', 'select') as files,
       current_setting('server_version_num')::int as version`,
  )
  return rows[0] ?? { passwords: false, files: false, version: 0 }
}

/** Roles, their memberships, databases, tablespaces, subscriptions, slots and origins: everything that may be shown. */
export async function selectSharedObjects(client: DatabaseClient): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(
    `select 'role '||r.rolname as object, e.key as property, coalesce(e.value, '') as value
     from pg_roles r cross join lateral jsonb_each_text(to_jsonb(r) - '{rolname,rolpassword,rolconfig}'::text[]) e
     union all
     select format('membership of %s in %s', pg_get_userbyid(m.member), pg_get_userbyid(m.roleid)),
       'granted by '||pg_get_userbyid(m.grantor), (to_jsonb(m) - '{oid,member,roleid,grantor}'::text[])::text
     from pg_auth_members m
     union all
     select 'database '||d.datname, e.key, coalesce(e.value, '')
     from pg_database d cross join lateral jsonb_each_text(
       to_jsonb(d) - '{datname,datdba,dattablespace,datfrozenxid,datminmxid,datlastsysoid,dathasloginevt}'::text[]
         || jsonb_build_object('owner', pg_get_userbyid(d.datdba),
           'tablespace', (select spcname from pg_tablespace t where t.oid = d.dattablespace))) e
     where ${isNoCopy('d.datname')}
     union all
     select 'tablespace '||t.spcname, e.key, coalesce(e.value, '')
     from pg_tablespace t cross join lateral jsonb_each_text(to_jsonb(t) - '{spcname,spcowner}'::text[]
       || jsonb_build_object('owner', pg_get_userbyid(t.spcowner), 'location', pg_tablespace_location(t.oid))) e
     union all
     select 'subscription '||s.subname, e.key, coalesce(e.value, '')
     from (select s.subname, s.subdbid, s.subenabled, s.subslotname, s.subpublications,
         pg_get_userbyid(s.subowner) as owner from pg_subscription s) s
     join pg_database d on d.oid = s.subdbid and ${isNoCopy('d.datname')}
     cross join lateral jsonb_each_text(to_jsonb(s) - '{subname,subdbid}'::text[]) e
     union all
     select 'comment on '||c.classoid::regclass||' '||coalesce(d.datname, r.rolname, t.spcname, c.objoid::text), 'text', c.description
     from pg_shdescription c ${namesOf('c')}
     union all
     select 'security label on '||c.classoid::regclass||' '||coalesce(d.datname, r.rolname, t.spcname, c.objoid::text), c.provider, c.label
     from pg_shseclabel c ${namesOf('c')}
     union all
     select 'replication slot '||slot_name, 'kind', slot_type||coalesce(' '||plugin, '')||coalesce(' of '||database, '')
     from pg_replication_slots where not temporary
     union all
     select 'replication origin '||roname, 'id', roident::text from pg_replication_origin`,
  )
  return rows
}

/** Settings of roles and databases, whose values are not to be shown. */
export async function selectSharedSettings(client: DatabaseClient): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(
    `select concat_ws(' in ', case when s.setrole <> 0 then 'role '||pg_get_userbyid(s.setrole) end,
         case when s.setdatabase <> 0 then 'database '||coalesce(d.datname, s.setdatabase::text) end,
         case when s.setrole = 0 and s.setdatabase = 0 then 'all roles' end) as object,
       'setting '||split_part(e.entry, '=', 1) as property, md5(e.entry) as value
     from pg_db_role_setting s cross join unnest(s.setconfig) as e(entry)
     left join pg_database d on d.oid = s.setdatabase
     where ${isNoCopy("coalesce(d.datname, '')")}`,
  )
  return rows
}

/** Passwords, of which only a change can be told. */
export async function selectSharedPasswords(client: DatabaseClient): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(
    `select 'role '||rolname as object, 'password' as property, coalesce(md5(rolpassword), '') as value
     from pg_authid`,
  )
  return rows
}

/** Rights to settings, which servers from 15 on know. */
export async function selectParameterRights(client: DatabaseClient): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(
    `select 'setting '||parname as object, 'rights' as property, paracl::text as value from pg_parameter_acl`,
  )
  return rows
}

/** What stands in the server's configuration files, among it what `alter system` writes. */
export async function selectFileSettings(client: DatabaseClient): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(
    `select format('setting %s in %s', name, regexp_replace(sourcefile, '^.*/', '')) as object,
       'value' as property, md5(string_agg(coalesce(setting, ''), ',' order by seqno)) as value
     from pg_file_settings where name is not null group by 1, 2`,
  )
  return rows
}

/** A copy is made and dropped with a rehearsal, or by another run meanwhile: neither is a change that a migration made. */
function isNoCopy(name: string): string {
  return `${name} !~ '${copyNamePattern}'`
}

function namesOf(alias: string): string {
  return `left join pg_database d on ${alias}.classoid = 'pg_database'::regclass and d.oid = ${alias}.objoid
     left join pg_roles r on ${alias}.classoid = 'pg_authid'::regclass and r.oid = ${alias}.objoid
     left join pg_tablespace t on ${alias}.classoid = 'pg_tablespace'::regclass and t.oid = ${alias}.objoid
     where ${isNoCopy("coalesce(d.datname, '')")}`
}
