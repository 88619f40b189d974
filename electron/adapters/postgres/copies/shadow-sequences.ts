import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { SequenceState } from '../../../engine/ports/shadows.ts'
import { planNamesOf } from '../catalog/narrow-to-schema.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { positionOf } from './sequence-position.ts'

/** Reads where every sequence of a copy stands. */
export async function readSequences(
  settings: ServerSettings,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<readonly SequenceState[]> {
  const options = { applicationName: 'lockstep shadow', settings: { search_path: '' } }
  const read = await withClient(
    settings,
    tenant.database,
    options,
    async client => (await client.query<SequenceState>(selectSequences, [tenant.schema ?? null])).rows,
    signal,
  )
  return planNamesOf(tenant, read)
}

/** One that belongs to a column goes and comes with it. */
const selectSequences = `
select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as table, c.oid::text as identity,
  (${positionOf('c.oid')})::text as position, d.refobjid::text as "ownerTable", d.refobjsubid::text as "ownerColumn"
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
  and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')
where c.relkind = 'S' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and ($1::text is null or n.nspname in ($1, 'public'))
order by 1`
