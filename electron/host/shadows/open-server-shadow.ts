import type { Tenant } from '../../../shared/topology/topology.ts'
import { findReadingRole } from '../../adapters/postgres/copies/find-reading-role.ts'
import {
  openShadowDatabase,
  type ShadowDatabase,
  type ShadowWork,
} from '../../adapters/postgres/copies/shadow-database.ts'
import { createEmptyShadow } from '../../adapters/postgres/copies/shadow-empty.ts'
import { fillShadow } from '../../adapters/postgres/copies/shadow-fill.ts'
import { copyDatabaseSettings } from '../../adapters/postgres/copies/shadow-settings.ts'
import { copyByTemplate } from '../../adapters/postgres/copies/shadow-template.ts'
import { primaryOf } from '../../adapters/postgres/session/find-server.ts'
import type { ShadowRequest } from '../../engine/ports/shadows.ts'
import { dumpTenant } from './dump-tenant.ts'
import type { OpenedShadow, ShadowPlaces } from './opened-shadow.ts'

/** A copy of the whole database beside it: always with all data, whatever was asked for. */
export async function openTemplate(
  places: ShadowPlaces,
  { tenant, data }: ShadowRequest,
  signal: AbortSignal,
): Promise<OpenedShadow> {
  const settings = primaryOf(places.known, tenant)
  let refused: readonly string[] = []
  const { name, drop } = await openNoted(
    places,
    tenant,
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
  places: ShadowPlaces,
  { tenant, data }: ShadowRequest,
  signal: AbortSignal,
): Promise<OpenedShadow> {
  const settings = primaryOf(places.known, tenant)
  let notes: readonly string[] = []
  const versionTable = await places.source.findVersionTable(tenant, signal)
  const { name, drop } = await openNoted(
    places,
    tenant,
    async work => {
      const role = await findReadingRole(settings, tenant.database, signal)
      // An answer of the server costs less than a dump that nobody can use.
      await createEmptyShadow(work, role)
      const major = Math.floor(work.source.version / 10_000)
      const script = await dumpTenant(
        places.toolPlaces,
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

/** A database beside a tenant's that is on record before it is made, and until it is dropped. */
async function openNoted(
  { known, copies }: ShadowPlaces,
  tenant: Tenant,
  create: (work: ShadowWork) => Promise<void>,
  signal: AbortSignal,
): Promise<ShadowDatabase> {
  const settings = primaryOf(known, tenant)
  let forget = async (): Promise<void> => undefined
  const work = async (made: ShadowWork): Promise<void> => {
    const { name } = made
    forget = await copies.note({ kind: 'shadow', name, server: settings.name, tenant: tenant.name })
    await create(made)
  }
  try {
    const { name, drop } = await openShadowDatabase(settings, tenant.database, work, signal)
    return { name, drop: () => drop().then(forget) }
  } catch (error) {
    await forget()
    throw error
  }
}
