import { LockstepError } from '../../../../shared/failure/failure.ts'
import { formatBytes } from '../../../../shared/text/plain-words.ts'
import { explainTies } from '../../../catalog/database-tie.ts'
import { deadlineSignal } from '../../../lib/with-deadline.ts'
import { quoteIdentifier, quoteLiteral } from '../../../sql/quote-identifier.ts'
import { dropDatabase } from '../copies/drop-database.ts'
import { type ShadowSource, selectShadowSource } from '../copies/shadow-queries.ts'
import { copyShadowByTemplate } from '../copies/shadow-template.ts'
import { selectCapacity } from '../gates/gate-capacity.ts'
import { measureFreeDisk } from '../gates/gate-facts-free-disk.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { endPooledSessions } from '../session/session-pool.ts'
import { withClient } from '../session/with-client.ts'
import { selectTies } from './database-ties.ts'

const asking = { applicationName: 'lockstep snapshot' }

/** Lends the maintenance database of a server: copies are made from there. */
export function onServer<T>(
  settings: ServerSettings,
  use: (client: DatabaseClient) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return withClient(settings, settings.maintenanceDatabase, asking, use, signal)
}

/** What is known of a database before it is copied. */
export async function describeDatabase(
  settings: ServerSettings,
  database: string,
  signal: AbortSignal,
): Promise<ShadowSource> {
  const source = await onServer(settings, client => selectShadowSource(client, database), signal)
  if (source === null) throw new LockstepError({ kind: 'database_missing', server: settings.name, database })
  return source
}

/** Copies a database under a new name. Refuses, with numbers, what would leave too little room; nothing of a failed copy stays. */
export async function copyDatabase(
  settings: ServerSettings,
  { from, to, minFreeBytes }: { readonly from: string; readonly to: string; readonly minFreeBytes: number },
  signal: AbortSignal,
): Promise<void> {
  await onServer(
    settings,
    async keeper => {
      const source = await selectShadowSource(keeper, from)
      if (source === null)
        throw new LockstepError({ kind: 'database_missing', server: settings.name, database: from })
      await refuseFullServer(keeper, source.bytes, minFreeBytes)
      await copyShadowByTemplate(settings, from, { keeper, source, name: to }, true, signal)
      // It holds what the tenant holds, and a new database lets every role in.
      await keeper.query(`revoke all on database ${quoteIdentifier(to)} from public`)
    },
    signal,
  ).catch(async (error: unknown) => {
    await dropCopy(settings, to).catch(() => undefined)
    throw error
  })
}

/** Makes an empty database that a dump of another one can be restored into. */
export async function createEmptyDatabase(
  settings: ServerSettings,
  { like, name }: { readonly like: ShadowSource; readonly name: string },
  signal: AbortSignal,
): Promise<void> {
  const { encoding, collate, ctype, provider, locale } = like
  const providers = { c: 'libc', i: 'icu', b: 'builtin' } as const
  const given = provider === 'i' || provider === 'b' ? provider : 'c'
  const words = [
    'template template0',
    `encoding ${quoteLiteral(encoding)}`,
    `lc_collate ${quoteLiteral(collate)}`,
    `lc_ctype ${quoteLiteral(ctype)}`,
    ...(like.version >= 150_000 ? [`locale_provider ${providers[given]}`] : []),
    ...(locale === null || given === 'c'
      ? []
      : [`${given === 'i' ? 'icu_locale' : 'builtin_locale'} ${quoteLiteral(locale)}`]),
  ]
  await onServer(
    settings,
    async client => {
      await client.query(`create database ${quoteIdentifier(name)} ${words.join(' ')}`)
      await client.query(`revoke all on database ${quoteIdentifier(name)} from public`)
    },
    signal,
  )
}

/** A copy that is kept accepts no connections: it must stay what it is. */
export async function sealCopy(settings: ServerSettings, name: string, signal: AbortSignal): Promise<void> {
  await endPooledSessions(settings, name)
  await onServer(
    settings,
    client => client.query(`alter database ${quoteIdentifier(name)} with allow_connections false`),
    signal,
  )
}

/** Drops a copy of ours, even while sessions are connected, but not with what others need; has a deadline of its own. */
export async function dropCopy(settings: ServerSettings, name: string): Promise<void> {
  if (!name.startsWith('lockstep_'))
    throw new LockstepError({ kind: 'internal', message: `not ours: ${name}` })
  await endPooledSessions(settings, name)
  await onServer(
    settings,
    async client => {
      await refuseTies(client, name)
      await dropDatabase(client, name)
    },
    deadlineSignal(60_000),
  )
}

async function refuseTies(client: DatabaseClient, name: string): Promise<void> {
  const ties = await selectTies(client, name)
  if (ties.length > 0) throw new LockstepError(explainTies(name, ties))
}

async function refuseFullServer(client: DatabaseClient, bytes: number, minFreeBytes: number): Promise<void> {
  const { dataDirectory, startedAt } = await selectCapacity(client)
  const free = await measureFreeDisk(dataDirectory, startedAt)
  if (free === null || free - bytes >= minFreeBytes) return
  const problem = `a copy of ${formatBytes(bytes)} would leave ${formatBytes(Math.max(0, free - bytes))} free on the server, and ${formatBytes(minFreeBytes)} have to stay`
  throw new LockstepError({ kind: 'usage', problem, fix: '' })
}
