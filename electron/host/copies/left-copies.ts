import { rm, stat } from 'node:fs/promises'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { endSandbox } from '../../adapters/embedded-postgres/end-sandbox.ts'
import { dropShadow } from '../../adapters/postgres/copies/shadow-database.ts'
import { keeperNameOf } from '../../adapters/postgres/copies/shadow-names.ts'
import { selectShadows } from '../../adapters/postgres/copies/shadow-queries.ts'
import { findServer } from '../../adapters/postgres/session/find-server.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { onServer } from '../../adapters/postgres/snapshots/snapshot-database.ts'
import type { LeftCopies, LeftCopy, RemovedCopy } from '../../app/ports/left-copies.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import { runOfCopy } from '../../naming/copy-name.ts'
import type { SnapshotRecords } from '../snapshots/snapshot-records.ts'
import type { CopyRecords, OwnerState } from './copy-records.ts'

export interface LeftCopiesMeans {
  readonly ports: Pick<EnginePorts, 'locks' | 'restores' | 'store'>
  readonly servers: readonly ServerSettings[]
  readonly noted: CopyRecords
  readonly records: SnapshotRecords
}

/** Looks for copies by what is on record here, and by their names on the servers. */
export function createLeftCopies(
  { config }: { readonly config: ProjectConfig },
  means: LeftCopiesMeans,
): LeftCopies {
  const primaries = config.servers.filter(server => server.role === 'primary').map(server => server.name)
  const list: LeftCopies['list'] = async signal => [
    ...(await listScratch(means, primaries, signal)),
    ...(await listOfRuns(means, primaries, signal)),
  ]
  return {
    list,
    async remove(signal) {
      const removed: RemovedCopy[] = []
      for (const copy of await list(signal)) {
        const failure = await removeCopy(means, copy, signal).then(() => null, toFailure)
        removed.push({ ...copy, failure })
      }
      return removed
    },
  }
}

/** Scratch copies of rehearsals: a plan has no log, so each is on record by itself. */
async function listScratch(
  { servers, noted }: LeftCopiesMeans,
  primaries: readonly string[],
  signal: AbortSignal,
): Promise<readonly LeftCopy[]> {
  const records = await noted.list()
  const owners = new Map<string, OwnerState>(records.map(({ name, owner }) => [name, owner]))
  const found: LeftCopy[] = []
  for (const server of primaries) {
    const ask = (client: Parameters<typeof selectShadows>[0]) => selectShadows(client, keeperNameOf(''))
    for (const { name, bytes, isInUse } of await onServer(findServer(servers, server), ask, signal)) {
      const owner = owners.get(name)
      // What a dead process has started may still run in its copy; of others the server alone can tell.
      if (owner === 'dead' || (owner !== 'alive' && !isInUse))
        found.push({ kind: 'shadow', server, name, bytes })
    }
  }
  for (const { kind, name, owner } of records) {
    if (owner !== 'dead') continue
    const isThere = kind === 'sandbox' ? await isFolder(name) : found.some(copy => copy.name === name)
    if (kind === 'sandbox' && isThere) found.push({ kind, server: null, name, bytes: null })
    if (!isThere) await noted.forget({ name })
  }
  return found
}

/** Copies of runs that are on record here and not at work: their names tell whose they are. */
async function listOfRuns(
  { ports, records }: LeftCopiesMeans,
  primaries: readonly string[],
  signal: AbortSignal,
): Promise<readonly LeftCopy[]> {
  const runs = await ports.store.list()
  const over = new Set(runs.filter(run => !run.alive).map(run => run.runId))
  const found: LeftCopy[] = []
  for (const server of primaries) {
    for (const { kind, database, bytes } of await ports.restores.listStrays(server, signal)) {
      // What a tenant was before its rollback is kept on purpose.
      if (kind === 'failed' || !over.has(runOfCopy(database) ?? '')) continue
      found.push({ kind, server, name: database, bytes })
    }
  }
  for (const { runId, file } of await records.listUnfinished()) {
    if (!over.has(runId)) continue
    const bytes = (await stat(file).catch(() => null))?.size ?? null
    found.push({ kind: 'dump', server: null, name: file, bytes })
  }
  return found
}

async function removeCopy(
  { ports, servers, noted }: LeftCopiesMeans,
  { kind, server, name }: LeftCopy,
  signal: AbortSignal,
): Promise<void> {
  switch (kind) {
    case 'shadow':
      await dropShadow(findServer(servers, server ?? ''), name)
      return noted.forget({ name })
    case 'sandbox':
      await endSandbox(name)
      return noted.forget({ name })
    case 'restore':
    case 'snapshot':
      return discardUnderLock(ports, { server: server ?? '', name }, signal)
    case 'dump':
      return rm(name, { force: true })
  }
}

/** A run holds the lock of its cluster, wherever it is at work: who has the lock takes no copy away from it. */
async function discardUnderLock(
  { locks, restores }: LeftCopiesMeans['ports'],
  { server, name }: { readonly server: string; readonly name: string },
  signal: AbortSignal,
): Promise<void> {
  const lock = await locks.acquire(server, 'lockstep copies', signal)
  if (!lock.acquired) throw new LockstepError({ kind: 'run_locked', cluster: server, holder: lock.holder })
  try {
    await restores.discard(server, name, signal)
  } finally {
    await lock.release()
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true
}
