import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'
import { nameCopy } from '../../naming/copy-name.ts'

/** The records of snapshots: one file a tenant in a folder of its run, written only once the copy is whole. */
export interface SnapshotRecords {
  readonly folder: string
  list(): Promise<readonly StoredSnapshot[]>
  write(snapshot: StoredSnapshot): Promise<void>
  remove(snapshot: StoredSnapshot): Promise<void>
  /** Files of dumps that were not finished: none of them has a record. */
  listUnfinished(): Promise<readonly { readonly runId: string; readonly file: string }[]>
  /** Where the dump of a tenant lies. */
  dumpFileOf(runId: string, tenant: string): string
}

/** Where a project keeps what it can go back to. */
export function snapshotsFolderOf({ runsFolder }: { readonly runsFolder: string }): string {
  return join(dirname(runsFolder), 'snapshots')
}

/** The records in a folder. */
export function openSnapshotRecords(folder: string): SnapshotRecords {
  const runFolder = (runId: string): string => join(folder, runId.replaceAll(/[^0-9A-Za-z]/g, ''))
  // A tenant's name may hold anything; the name of its copy is plain.
  const fileOf = (runId: string, tenant: string, ending: string): string =>
    join(
      runFolder(runId),
      `${nameCopy('snapshot', '', tenant).slice('lockstep_snapshot__'.length)}.${ending}`,
    )
  return {
    folder,
    async list() {
      const found: StoredSnapshot[] = []
      for (const run of await readNames(folder)) {
        for (const name of await readNames(join(folder, run))) {
          if (!name.endsWith('.json')) continue
          const snapshot = await readRecord(join(folder, run, name))
          if (snapshot) found.push(snapshot)
        }
      }
      return found.sort((a, b) =>
        a.runId === b.runId ? (a.tenant < b.tenant ? -1 : 1) : a.runId < b.runId ? 1 : -1,
      )
    },
    async listUnfinished() {
      const found: { readonly runId: string; readonly file: string }[] = []
      for (const runId of await readNames(folder)) {
        const names = await readNames(join(folder, runId))
        for (const name of names.filter(one => one.endsWith('.dump')))
          if (!names.includes(name.replace(/dump$/, 'json')))
            found.push({ runId, file: join(folder, runId, name) })
      }
      return found
    },
    async write(snapshot) {
      await mkdir(runFolder(snapshot.runId), { recursive: true, mode: 0o700 })
      const file = fileOf(snapshot.runId, snapshot.tenant, 'json')
      await writeAtomically(file, `${JSON.stringify(snapshot, null, 2)}\n`, 0o600)
    },
    async remove({ runId, tenant }) {
      await rm(fileOf(runId, tenant, 'json'), { force: true })
      if ((await readNames(runFolder(runId))).length === 0)
        await rm(runFolder(runId), { recursive: true, force: true })
    },
    dumpFileOf: (runId, tenant) => fileOf(runId, tenant, 'dump'),
  }
}

async function readNames(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => [])
}

async function readRecord(file: string): Promise<StoredSnapshot | null> {
  try {
    // Written by this program on this machine; a file is whole, or it is not there.
    return JSON.parse(await readFile(file, 'utf8')) as StoredSnapshot
  } catch {
    return null
  }
}
