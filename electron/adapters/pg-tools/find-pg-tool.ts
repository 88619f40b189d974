import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from './run-tool.ts'

/** A program of PostgreSQL's on this machine. */
export interface PgTool {
  readonly path: string
  /** Such as 18. */
  readonly major: number
}

/** Finds every version of a program: the one on `PATH`, and those that Debian keeps beside it. */
export async function listPgTools(name: string, signal: AbortSignal): Promise<readonly PgTool[]> {
  const folders = await readdir(debianFolder).catch(() => [])
  const paths = [name, ...folders.map(folder => join(debianFolder, folder, 'bin', name))]
  const found: PgTool[] = []
  for (const path of paths) {
    const answer = await runTool(path, ['--version'], {}, 10_000, signal)
    const major = Number(/(\d+)[\d.]*/.exec(answer.code === 0 ? answer.stdout : '')?.[1])
    if (major > 0) found.push({ path, major })
  }
  return found
}

const debianFolder = '/usr/lib/postgresql'
