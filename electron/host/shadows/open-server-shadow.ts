import { findReadingRole } from '../../adapters/postgres/find-reading-role.ts'
import { primaryOf } from '../../adapters/postgres/gate-facts.ts'
import { openShadowDatabase } from '../../adapters/postgres/shadow-database.ts'
import { createEmptyShadow } from '../../adapters/postgres/shadow-empty.ts'
import { fillShadow } from '../../adapters/postgres/shadow-fill.ts'
import { copyDatabaseSettings } from '../../adapters/postgres/shadow-settings.ts'
import { copyByTemplate } from '../../adapters/postgres/shadow-template.ts'
import type { ShadowRequest } from '../../engine/ports/shadows.ts'
import { dumpTenant } from './dump-tenant.ts'
import type { OpenedShadow, ShadowPlaces } from './opened-shadow.ts'

/** A copy of the whole database beside it: always with all data, whatever was asked for. */
export async function openTemplate(
  { known }: ShadowPlaces,
  { tenant, data }: ShadowRequest,
  signal: AbortSignal,
): Promise<OpenedShadow> {
  const settings = primaryOf(known, tenant)
  let refused: readonly string[] = []
  const { name, drop } = await openShadowDatabase(
    settings,
    tenant.database,
    async work => {
      await copyByTemplate(settings, tenant.database, work, data === 'full', signal)
      refused = await copyDatabaseSettings(work.keeper, tenant.database, work.name)
    },
    signal,
  )
  return {
    tenant: { ...tenant, database: name },
    settings,
    kind: 'template',
    data: 'full',
    server: settings.name,
    notes: ['nobody is connected to the database: a copy of it has all data', ...refused],
    close: drop,
  }
}

/** A new database beside the tenant's with its schema, and as many rows as are asked for. */
export async function openServerDump(
  { known, toolPlaces, source }: ShadowPlaces,
  { tenant, data }: ShadowRequest,
  signal: AbortSignal,
): Promise<OpenedShadow> {
  const settings = primaryOf(known, tenant)
  let notes: readonly string[] = []
  const versionTable = await source.findVersionTable(tenant, signal)
  const { name, drop } = await openShadowDatabase(
    settings,
    tenant.database,
    async work => {
      const role = await findReadingRole(settings, tenant.database, signal)
      // An answer of the server costs less than a dump that nobody can use.
      await createEmptyShadow(work, role)
      const major = Math.floor(work.source.version / 10_000)
      const script = await dumpTenant(
        toolPlaces,
        { settings, database: tenant.database, role },
        major,
        signal,
      )
      const from = { settings, database: tenant.database, role }
      const to = { settings, database: work.name, role }
      const left = await fillShadow(from, to, script, { data, versionTable }, signal)
      notes = [...left, ...(await copyDatabaseSettings(work.keeper, tenant.database, work.name))]
    },
    signal,
  )
  return {
    tenant: { ...tenant, database: name },
    settings,
    kind: 'dump',
    data,
    server: settings.name,
    notes,
    close: drop,
  }
}
