import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { startCluster } from '../../adapters/embedded-postgres/start-cluster.ts'
import { findReadingRole } from '../../adapters/postgres/copies/find-reading-role.ts'
import { fillShadow } from '../../adapters/postgres/copies/shadow-fill.ts'
import {
  limitMigrator,
  prepareSandbox,
  readSandboxNeeds,
} from '../../adapters/postgres/copies/shadow-sandbox.ts'
import { primaryServerOf } from '../../adapters/postgres/session/find-server.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import type { ShadowRequest } from '../../engine/ports/shadows.ts'
import { dumpTenant } from './dump-tenant.ts'
import type { OpenedShadow, ShadowPlaces } from './opened-shadow.ts'
import { replayRevisions } from './replay-revisions.ts'

/** A server of our own with the schema of a dump, so that the tenant's server is only read. */
export async function openSandboxDump(
  places: ShadowPlaces,
  request: ShadowRequest,
  signal: AbortSignal,
): Promise<OpenedShadow> {
  const settings = primaryServerOf(places.known.servers, request.tenant)
  refuseSandbox(places)
  const { database } = request.tenant
  const from = { settings, database, role: await findReadingRole(settings, database, signal) }
  const needs = await readSandboxNeeds(from, signal)
  // First the dump: without one there is no reason to start a server.
  const versionTable = await places.source.findVersionTable(request.tenant, signal)
  const script = await dumpTenant(places.toolPlaces, from, needs.major, signal)
  return await openSandbox(
    places,
    request,
    async ({ sandbox, tenant }) => {
      const to = { settings: sandbox, database: tenant.database, isOurs: true }
      return await fillShadow(from, to, script, { data: request.data, versionTable }, signal)
    },
    request.data,
    signal,
  )
}

/** A server of our own in which the project's own revisions make the schema; it must come out as the tenant's. */
export async function openSandboxRevisions(
  places: ShadowPlaces,
  request: ShadowRequest,
  signal: AbortSignal,
): Promise<OpenedShadow> {
  refuseSandbox(places)
  if (request.tenant.schema !== undefined) {
    const problem = 'the tenant is a schema among others, which its revisions do not make'
    throw new LockstepError({ kind: 'usage', problem, fix: '' })
  }
  return await openSandbox(
    places,
    request,
    async ({ sandbox, tenant }) => {
      await replayRevisions(places, request.tenant, { server: sandbox.name, tenant }, signal)
      return ["the schema was made by the project's own revisions, and is the tenant's to the last object"]
    },
    'schema',
    signal,
  )
}

function refuseSandbox({ sandboxObstacle }: ShadowPlaces): void {
  if (sandboxObstacle === null) return
  throw new LockstepError({ kind: 'usage', problem: sandboxObstacle, fix: '' })
}

interface SandboxPlace {
  readonly sandbox: ServerSettings
  readonly tenant: Tenant
}

async function openSandbox(
  places: ShadowPlaces,
  { tenant: source }: ShadowRequest,
  fill: (place: SandboxPlace) => Promise<readonly string[]>,
  data: OpenedShadow['data'],
  signal: AbortSignal,
): Promise<OpenedShadow> {
  const { known, copies } = places
  const settings = primaryServerOf(known.servers, source)
  const needs = await readSandboxNeeds({ settings, database: source.database }, signal)
  let forget = async (): Promise<void> => undefined
  const note = async (folder: string): Promise<void> => {
    ;({ forget } = await copies.note({ kind: 'sandbox', name: folder, server: null, tenant: source.name }))
  }
  const options = { standbys: 0, fsync: false, maxPreparedTransactions: 4, note } as const
  const cluster = await startCluster(options, signal).catch(async (error: unknown) => {
    await forget()
    throw error
  })
  const { user, password } = cluster.superuser
  // No server of a configuration can be called so: its names have no spaces.
  const name = `lockstep sandbox ${cluster.primary.port}`
  const owner: ServerSettings = {
    name,
    cluster: name,
    declaredRole: 'primary',
    host: cluster.primary.host,
    port: cluster.primary.port,
    user,
    password,
    maintenanceDatabase: 'postgres',
    tls: 'disable',
  }
  const sandbox: ServerSettings = { ...owner, user: settings.user }
  // Its own name: a revision may ask for it. Nothing else is in this server.
  const tenant: Tenant = { ...source, cluster: name }
  let leave = (): void => undefined
  const close = async () => {
    leave()
    await cluster.stop()
    await forget()
  }
  try {
    const migrator = { user: settings.user, password: password ?? '' }
    const { major } = await prepareSandbox(owner, migrator, source.database, needs, signal)
    leave = known.join(sandbox)
    const notes = [...(await fill({ sandbox, tenant })), ...noteVersion(major, needs.major)]
    await limitMigrator(owner, settings.user, needs.powers, signal)
    return { tenant, settings: sandbox, kind: 'sandbox', data, server: 'sandbox', notes, close }
  } catch (error) {
    await close()
    throw error
  }
}

function noteVersion(own: number, theirs: number): readonly string[] {
  if (own === theirs) return []
  return [
    `it is PostgreSQL ${own} and the tenant's server is ${theirs}: the same fingerprint cannot be expected`,
  ]
}
