import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { describeOwner, isLogAlive, type LogOwner } from '../../adapters/run-log/log-owner.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'

/** A scratch copy that is about to be made. */
export interface NotedCopy {
  /** A database beside the tenants, or a server of our own. */
  readonly kind: 'shadow' | 'sandbox'
  /** The database, or the folder. */
  readonly name: string
  /** Null for a server of our own. */
  readonly server: string | null
  /** The tenant that is copied. */
  readonly tenant: string
}

/** Whether the process that made a copy still lives and wants it; on another machine that is not known. */
export type OwnerState = 'alive' | 'dead' | 'elsewhere'

/** The record of one copy. */
export interface CopyRecord {
  /** It is gone. */
  forget(): Promise<void>
  /** It is there, and is not needed any more: from here on it counts as left behind. */
  abandon(): Promise<void>
}

/** The scratch copies of rehearsals: one file each, written before the copy is made and removed after it is dropped. */
export interface CopyRecords {
  /** A record that cannot be written does not stop a rehearsal: the server knows the copy by its name, too. */
  note(copy: NotedCopy): Promise<CopyRecord>
  list(): Promise<readonly (NotedCopy & { readonly owner: OwnerState })[]>
  forget(copy: Pick<NotedCopy, 'name'>): Promise<void>
}

/** Where a project notes its copies. */
export function copiesFolderOf({ runsFolder }: { readonly runsFolder: string }): string {
  return join(dirname(runsFolder), 'copies')
}

/** The records in a folder. */
export function openCopyRecords(folder: string): CopyRecords {
  const fileOf = (name: string): string => join(folder, `${basename(name)}.json`)
  const forget: CopyRecords['forget'] = ({ name }) => rm(fileOf(name), { force: true }).catch(() => undefined)
  return {
    forget,
    async note(copy) {
      const write = async (isLeft: boolean): Promise<void> => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const record: StoredCopy = { ...(await describeOwner()), host: hostname(), ...copy, isLeft }
        await writeAtomically(fileOf(copy.name), `${JSON.stringify(record)}\n`, 0o600)
      }
      await write(false).catch(() => undefined)
      return { forget: () => forget(copy), abandon: () => write(true).catch(() => undefined) }
    },
    async list() {
      const names = await readdir(folder).catch((): string[] => [])
      const files = names.filter(name => name.endsWith('.json')).sort()
      const found = await Promise.all(files.map(name => readCopy(join(folder, name))))
      return found.filter(copy => copy !== null)
    },
  }
}

interface StoredCopy extends NotedCopy, LogOwner {
  readonly host: string
  /** Absent in records of earlier versions. */
  readonly isLeft?: boolean
}

async function readCopy(file: string): Promise<(NotedCopy & { readonly owner: OwnerState }) | null> {
  try {
    // Written by this program; a file is whole, or it is not there.
    const { kind, name, server, tenant, host, isLeft } = JSON.parse(
      await readFile(file, 'utf8'),
    ) as StoredCopy
    if (host !== hostname()) return { kind, name, server, tenant, owner: 'elsewhere' }
    const isWanted = isLeft !== true && (await isLogAlive(file))
    return { kind, name, server, tenant, owner: isWanted ? 'alive' : 'dead' }
  } catch {
    return null
  }
}
