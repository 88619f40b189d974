import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { checksumOfFile } from '../../adapters/pg-tools/stream-tool.ts'
import { primaryServerOf } from '../../adapters/postgres/session/find-server.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { dropCopy, onServer, sealCopy } from '../../adapters/postgres/snapshots/snapshot-database.ts'
import {
  createRestorePoint,
  selectCopies,
  selectInsertLsn,
} from '../../adapters/postgres/snapshots/snapshot-queries.ts'
import { readTableWrites } from '../../adapters/postgres/snapshots/write-counters.ts'
import type { CopyRequest, Snapshots } from '../../engine/ports/snapshots.ts'
import { nameCopy } from '../../naming/copy-name.ts'
import type { SnapshotRecords } from './snapshot-records.ts'
import { copyByDump, copyByTemplate, type SnapshotTools, type TakenCopy } from './take-copy.ts'

/** Copies of tenants, beside them or in files, with their records. */
export function createSnapshots(tools: SnapshotTools): Snapshots {
  const { servers, records } = tools
  const serverOf = (tenant: Tenant): ServerSettings => primaryServerOf(servers, tenant)
  return {
    async markPoint(server, name, signal) {
      const settings = servers.find(one => one.name === server)
      if (!settings) throw new LockstepError({ kind: 'internal', message: `no server is called ${server}` })
      return onServer(
        settings,
        async client => {
          const restorePoint = await createRestorePoint(client, name).then(
            () => name,
            () => null,
          )
          return { lsn: await selectInsertLsn(client), restorePoint }
        },
        signal,
      )
    },
    take: (request, signal) => takeCopy(tools, request, signal),
    readWrites: (tenant, signal) => readTableWrites(serverOf(tenant), tenant, signal),
    list: () => records.list(),
    async find(runId, tenant, signal) {
      const kept = (await records.list()).find(one => one.runId === runId && one.tenant === tenant.name)
      if (!kept) return null
      const isThere =
        kept.kind === 'dump'
          ? await isWhole(records, kept)
          : await onServer(
              serverOf(tenant),
              async client => (await selectCopies(client)).some(one => one.database === kept.location),
              signal,
            )
      return isThere ? kept : null
    },
    async remove(snapshot) {
      // The record goes last: what it speaks of must not be left without one.
      if (snapshot.kind === 'template') {
        const primary = servers.find(
          one => one.cluster === snapshot.cluster && one.declaredRole === 'primary',
        )
        if (!primary) throw new LockstepError({ kind: 'primary_missing', cluster: snapshot.cluster })
        await dropCopy(primary, snapshot.location)
      } else await rm(fileOf(records, snapshot), { force: true })
      await records.remove(snapshot)
    },
  }
}

/** The file of a dump. */
export function fileOf(records: SnapshotRecords, { location }: StoredSnapshot): string {
  return join(dirname(records.folder), ...location.split('/'))
}

async function isWhole(records: SnapshotRecords, kept: StoredSnapshot): Promise<boolean> {
  const file = fileOf(records, kept)
  const found = await stat(file).catch(() => null)
  if (found?.size !== kept.bytes) return false
  return (await checksumOfFile(file)) === kept.checksum
}

async function takeCopy(
  tools: SnapshotTools,
  request: CopyRequest,
  signal: AbortSignal,
): Promise<StoredSnapshot> {
  const { records } = tools
  const { runId, tenant, heads, fingerprint, mark, how, verify } = request
  const settings = primaryServerOf(tools.servers, tenant)
  const tried: string[] = []
  for (const kind of how === 'auto' ? (['template', 'dump'] as const) : [how]) {
    const place =
      kind === 'template' ? nameCopy('snapshot', runId, tenant.name) : records.dumpFileOf(runId, tenant.name)
    try {
      if (kind === 'dump') await mkdir(dirname(place), { recursive: true, mode: 0o700 })
      const copy: TakenCopy =
        kind === 'template'
          ? await copyByTemplate(tools, { ...request, settings, place }, signal)
          : await copyByDump(tools, { ...request, settings, place }, signal)
      if (kind === 'template') await sealCopy(settings, place, signal)
      const kept: StoredSnapshot = {
        runId,
        tenant: tenant.name,
        cluster: tenant.cluster,
        database: tenant.database,
        kind,
        heads,
        fingerprint,
        lsn: mark.lsn,
        restorePoint: mark.restorePoint,
        location: kind === 'template' ? place : relative(dirname(records.folder), place).split(sep).join('/'),
        ...copy,
        verified: verify,
        takenAt: new Date().toISOString(),
      }
      await records.write(kept)
      return kept
    } catch (error) {
      if (kind === 'template') await dropCopy(settings, place).catch(() => undefined)
      else await rm(place, { force: true })
      if (signal.aborted) throw error
      tried.push(`${kind}: ${sayWhy(error)}`)
    }
  }
  throw new LockstepError({ kind: 'snapshot_failed', tenant: tenant.name, tried })
}

function sayWhy(error: unknown): string {
  const { what, why } = describeFailure(toFailure(error))
  return [what, why].filter(text => text !== '').join(' ')
}
