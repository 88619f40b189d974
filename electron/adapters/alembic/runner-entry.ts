import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ExecutionHost } from './execution-host.ts'
import { locateRunner } from './locate-runner.ts'

/** How an interpreter is made to run the runner. */
export interface RunnerEntry {
  readonly args: readonly string[]
  /** Sent as the first line of its input, before any request. */
  readonly greeting: Readonly<Record<string, unknown>> | null
}

const bootstrap = 'lockstep_bootstrap.py'

/** The runner as a file on this machine; elsewhere as text, because nothing of it is there and nothing may be written. */
export async function openRunnerEntry(
  host: ExecutionHost,
  options: {
    readonly runnerFolder?: string | undefined
    readonly environment?: Readonly<Record<string, string>> | undefined
  },
): Promise<RunnerEntry> {
  const runner = locateRunner(options.runnerFolder)
  if (host.place === null) return { args: ['-X', 'utf8', runner], greeting: null }
  const folder = dirname(runner)
  const names = (await readdir(folder)).filter(name => name.endsWith('.py') && name !== bootstrap)
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  const sources = await Promise.all(names.map(async name => [basename(name, '.py'), await read(name)]))
  return {
    args: ['-X', 'utf8', '-c', await read(bootstrap)],
    // Variables may be secrets: they must not be seen on a command line.
    greeting: { files: Object.fromEntries(sources), environment: options.environment ?? {} },
  }
}
