import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { formatBytes } from '../../../shared/text/plain-words.ts'
import { dumpDatabase, restoreDump } from '../../adapters/pg-tools/dump-database.ts'
import type { DumpTarget } from '../../adapters/pg-tools/dump-schema.ts'
import { findPassword } from '../../adapters/postgres/session/find-password.ts'
import { withPlace } from '../../adapters/postgres/session/open-session.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import {
  copyDatabase,
  createEmptyDatabase,
  describeDatabase,
  dropCopy,
} from '../../adapters/postgres/snapshots/snapshot-database.ts'
import type { Servers } from '../../engine/ports/servers.ts'
import type { CopyRequest } from '../../engine/ports/snapshots.ts'
import { nameCopy } from '../../naming/copy-name.ts'
import type { ToolPlaces } from '../pg-tools/list-tool-places.ts'
import type { SnapshotRecords } from './snapshot-records.ts'

/** What snapshots are made with. */
export interface SnapshotTools {
  readonly servers: readonly ServerSettings[]
  readonly records: SnapshotRecords
  readonly fingerprint: Servers['fingerprint']
  readonly toolPlaces: ToolPlaces
}

/** A copy that is to be made, and where. */
export interface CopyOrder extends CopyRequest {
  readonly settings: ServerSettings
  /** Name of the database, or path of the file. */
  readonly place: string
}

export interface TakenCopy {
  readonly bytes: number
  readonly checksum: string | null
}

const betweenMs = 2_000

/** Copies the database beside itself; verified by the fingerprint of the copy. */
export async function copyByTemplate(
  tools: SnapshotTools,
  order: CopyOrder,
  signal: AbortSignal,
): Promise<TakenCopy> {
  const { settings, tenant, place, verify, fingerprint } = order
  const { bytes } = await describeDatabase(settings, tenant.database, signal)
  order.onProgress('template', 0, bytes)
  await copyDatabase(settings, { from: tenant.database, to: place, minFreeBytes: order.minFreeBytes }, signal)
  if (verify) await proveCopy(tools, order, place, fingerprint, signal)
  const copied = await describeDatabase(settings, place, signal)
  return { bytes: copied.bytes, checksum: null }
}

/** Dumps the database into a file; verified by restoring it once into a scratch database. */
export async function copyByDump(
  tools: SnapshotTools,
  order: CopyOrder,
  signal: AbortSignal,
): Promise<TakenCopy> {
  const { settings, tenant, place, runId, verify, fingerprint } = order
  const source = await describeDatabase(settings, tenant.database, signal)
  await refuseFullFolder(dirname(place), source.bytes, order.minFreeBytes)
  let saidAt = 0
  const onBytes = (done: number): void => {
    if (Date.now() - saidAt < betweenMs) return
    saidAt = Date.now()
    order.onProgress('dump', done, source.bytes)
  }
  onBytes(0)
  const target = await targetOf(tools, settings, tenant.database, source.version)
  const taken = await withPlace(settings, () => dumpDatabase(target, place, onBytes, signal), signal)
  if (!verify) return taken
  const scratch = nameCopy('restore', runId, tenant.name)
  try {
    await restoreInto(tools, settings, { name: scratch, like: tenant.database, file: place }, signal)
    await proveCopy(tools, order, scratch, fingerprint, signal)
  } finally {
    await dropCopy(settings, scratch)
  }
  return taken
}

/** Makes a database of a dump, like another one. */
export async function restoreInto(
  tools: SnapshotTools,
  settings: ServerSettings,
  { name, like, file }: { readonly name: string; readonly like: string; readonly file: string },
  signal: AbortSignal,
): Promise<void> {
  const source = await describeDatabase(settings, like, signal)
  await createEmptyDatabase(settings, { like: source, name }, signal)
  const target = await targetOf(tools, settings, name, source.version)
  await withPlace(settings, () => restoreDump(target, file, signal), signal)
}

/** Throws unless a copy looks like what it was made of. */
export async function proveCopy(
  tools: SnapshotTools,
  { settings, tenant }: Pick<CopyOrder, 'settings' | 'tenant'>,
  database: string,
  expected: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await tools.fingerprint(settings.name, { ...tenant, database }, signal)
  if (found.hash === expected) return
  const problem = `the copy has fingerprint ${found.hash.slice(0, 12)}, and the tenant ${expected.slice(0, 12)}`
  throw new LockstepError({ kind: 'usage', problem, fix: '' })
}

async function targetOf(
  { toolPlaces }: SnapshotTools,
  settings: ServerSettings,
  database: string,
  version: number,
): Promise<DumpTarget> {
  const password = await findPassword(settings, database)
  const places = toolPlaces(settings)
  return { places, user: settings.user, password, database, serverMajor: Math.floor(version / 10_000) }
}

async function refuseFullFolder(folder: string, bytes: number, minFreeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free - bytes >= minFreeBytes) return
  const problem = `a dump of up to ${formatBytes(bytes)} would leave ${formatBytes(Math.max(0, free - bytes))} free in the state folder, and ${formatBytes(minFreeBytes)} have to stay`
  throw new LockstepError({ kind: 'usage', problem, fix: '' })
}
