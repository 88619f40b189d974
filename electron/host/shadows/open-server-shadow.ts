import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { findReadingRole } from '../../adapters/postgres/copies/find-reading-role.ts'
import {
  openShadowDatabase,
  type ShadowDatabase,
  type ShadowMaking,
  type ShadowWork,
} from '../../adapters/postgres/copies/shadow-database.ts'
import { createEmptyShadow } from '../../adapters/postgres/copies/shadow-empty.ts'
import { fillShadow } from '../../adapters/postgres/copies/shadow-fill.ts'
import { copyDatabaseSettings } from '../../adapters/postgres/copies/shadow-settings.ts'
import { copyShadowByTemplate } from '../../adapters/postgres/copies/shadow-template.ts'
import { primaryServerOf } from '../../adapters/postgres/session/find-server.ts'
import type { ShadowRequest } from '../../engine/ports/shadows.ts'
import type { CopyRecord } from '../copies/copy-records.ts'
import { dumpTenant } from './dump-tenant.ts'
import type { OpenedShadow, ShadowPlaces } from './opened-shadow.ts'

/** A copy of the whole database beside it: always with all data, whatever was asked for. */
export async function openTemplate(
  places: ShadowPlaces,
  request: ShadowRequest,
  signal: AbortSignal,
): Promise<OpenedShadow> {
  const { tenant, data } = request
  const settings = primaryServerOf(places.known.servers, tenant)
  let refused: readonly string[] = []
  const { name, drop } = await openNoted(
    places,
    request,
    async work => {
      await copyShadowByTemplate(settings, tenant.database, work, data === 'full', signal)
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
    notes: ['no session is connected to the database: a copy of it has all data', ...refused],
    close: drop,
  }
}

/** A new database beside the tenant's with its schema, and as many rows as are asked for. */
export async function openServerDump(
  places: ShadowPlaces,
  request: ShadowRequest,
  signal: AbortSignal,
): Promise<OpenedShadow> {
  const { tenant, data } = request
  const settings = primaryServerOf(places.known.servers, tenant)
  let notes: readonly string[] = []
  const versionTable = await places.source.findVersionTable(tenant, signal)
  const { name, drop } = await openNoted(
    places,
    request,
    async work => {
      const role = await findReadingRole(settings, tenant.database, signal)
      // An answer of the server costs less than a dump that cannot be used.
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
  { tenant, onLeft }: ShadowRequest,
  create: (work: ShadowWork) => Promise<void>,
  signal: AbortSignal,
): Promise<ShadowDatabase> {
  const settings = primaryServerOf(known.servers, tenant)
  let record: CopyRecord | null = null
  let isLeft = false
  const making: ShadowMaking = {
    async create(made) {
      const { name } = made
      record = await copies.note({ kind: 'shadow', name, server: settings.name, tenant: tenant.name })
      await create(made)
    },
    async onLeft(name, failure) {
      isLeft = true
      await record?.abandon()
      const { what, why } = describeFailure(failure)
      onLeft(
        `the copy ${name} stays on ${settings.name}: ${[what, why].filter(text => text !== '').join(' ')} lockstep recover drops it.`,
      )
    },
  }
  const forget = async (): Promise<void> => {
    if (!isLeft) await record?.forget()
  }
  try {
    const { name, drop } = await openShadowDatabase(settings, tenant.database, making, signal)
    return { name, drop: () => drop().then(forget) }
  } catch (error) {
    await forget()
    throw error
  }
}
