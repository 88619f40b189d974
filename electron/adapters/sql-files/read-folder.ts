import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import { checksumOf, decodeFile } from './file-text.ts'
import { isSqlFile, pairFiles } from './pair-files.ts'
import { refuseForeignFile } from './refuse-foreign-file.ts'

/** A file of a migration, as it was read. */
export interface MigrationFile {
  /** Path relative to the project, with forward slashes. */
  readonly file: string
  readonly text: string
  readonly checksum: string
}

/** One revision with its files. */
export interface FileRevision {
  readonly revision: string
  readonly name: string
  readonly up: MigrationFile
  readonly down: MigrationFile | null
}

/** Where the migrations lie. */
export interface FolderPlace {
  readonly projectFolder: string
  readonly folder: string
}

/** Reads the revisions of a folder, in order of their numbers. */
export async function readFolder(place: FolderPlace, signal: AbortSignal): Promise<readonly FileRevision[]> {
  const shown = relative(place.projectFolder, place.folder).split(sep).join('/')
  const read = (name: string) =>
    readMigration(join(place.folder, name), [shown, name].filter(Boolean).join('/'), signal)
  const revisions: FileRevision[] = []
  const files = await listFiles(place.folder, shown)
  // Before their names are judged: a user who renamed them as we ask would have both directions run.
  await refuseForeignFiles({ ...place, files }, signal)
  for (const { up, down, ...names } of pairFiles(files)) {
    revisions.push({ ...names, up: await read(up), down: down === null ? null : await read(down) })
  }
  if (revisions.length > 0) return revisions
  throw new LockstepError({
    kind: 'source_failed',
    during: 'looking for migrations',
    file: shown,
    error: 'the folder holds no file with a name like 0001_add_users.up.sql',
  })
}

/** Refuses a folder that holds files of another tool, whatever they are called. */
export async function refuseForeignFiles(
  { projectFolder, folder, files }: FolderPlace & { readonly files: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const shown = relative(projectFolder, folder).split(sep).join('/')
  for (const name of files.filter(isSqlFile).toSorted()) {
    signal.throwIfAborted()
    // What cannot be read, or is no UTF-8, is told where it is read as a migration.
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    refuseForeignFile([shown, name].filter(Boolean).join('/'), text.replace(/^\uFEFF/, ''))
  }
}

async function listFiles(folder: string, shown: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter(entry => !entry.isDirectory()).map(entry => entry.name)
  } catch (error) {
    throw unreadable('looking for migrations', shown, error)
  }
}

async function readMigration(path: string, file: string, signal: AbortSignal): Promise<MigrationFile> {
  signal.throwIfAborted()
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable('reading a migration', file, error)
  })
  const text = decodeFile(bytes, file)
  return { file, text, checksum: checksumOf(text) }
}

function unreadable(during: string, file: string, error: unknown): LockstepError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const reason =
    code === 'ENOENT'
      ? 'it does not exist'
      : code === 'ENOTDIR'
        ? 'it is not a folder'
        : `it cannot be read (${code})`
  return new LockstepError({ kind: 'source_failed', during, file, error: reason }, { cause: error })
}

/** The revisions as a graph, which is a line here. */
export function drawGraph(revisions: readonly FileRevision[], folder: string): MigrationGraph {
  const ids = revisions.map(revision => revision.revision)
  return {
    source: 'sql',
    revisions: revisions.map(({ revision, name, up }, index) => ({
      id: revision,
      parents: ids.slice(Math.max(index - 1, 0), index),
      dependsOn: [],
      labels: [],
      message: name.replaceAll('_', ' '),
      file: up.file,
      checksum: up.checksum,
      isMerge: false,
    })),
    bases: ids.slice(0, 1),
    heads: ids.slice(-1),
    origin: { folder, interpreter: null },
  }
}
