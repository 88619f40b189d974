import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from './run-tool.ts'

/** A program of PostgreSQL's on this machine. */
export interface FoundTool {
  readonly path: string
  /** Such as 18. */
  readonly major: number
}

/** Finds every version of a program: the one on `PATH`, and those that Debian keeps beside it. */
export async function listPgTools(name: string, signal: AbortSignal): Promise<readonly FoundTool[]> {
  const folders = await readdir(debianFolder).catch(() => [])
  const paths = [name, ...folders.map(folder => join(debianFolder, folder, 'bin', name))]
  const found: FoundTool[] = []
  for (const path of paths) {
    const answer = await runTool(path, ['--version'], {}, 10_000, signal)
    const major = answer.code === 0 ? readMajor(answer.stdout) : null
    if (major !== null) found.push({ path, major })
  }
  return found
}

/** Reads what `--version` prints, such as `pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`. */
export function readMajor(printed: string): number | null {
  const major = Number(/(\d+)[\d.]*/.exec(printed)?.[1])
  return major > 0 ? major : null
}

const debianFolder = '/usr/lib/postgresql'
