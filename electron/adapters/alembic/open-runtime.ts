import { posix, resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { AlembicOptions } from './alembic-options.ts'
import { type FoundInterpreter, findInterpreter } from './find-interpreter.ts'
import { createLocalHost } from './local-host.ts'
import { openRunnerEntry } from './runner-entry.ts'
import { RunnerPool } from './runner-pool.ts'

/** What is known once the project's interpreter was found. */
export interface AlembicRuntime {
  readonly interpreter: FoundInterpreter
  readonly pool: RunnerPool
}

/** The path of alembic.ini where the project is: a container knows nothing of this machine's folders. */
export function resolveIniFile({ iniFile, host }: Pick<AlembicOptions, 'iniFile' | 'host'>): string {
  return isElsewhere(host) ? posix.resolve('/', iniFile) : resolve(iniFile)
}

/** The folder of alembic.ini, in which everything runs. */
export function projectFolderOf(options: Pick<AlembicOptions, 'iniFile' | 'host'>): string {
  const iniFile = resolveIniFile(options)
  return isElsewhere(options.host) ? posix.dirname(iniFile) : resolve(iniFile, '..')
}

/** Finds the project's interpreter and prepares its runners; none is started yet. */
export async function openRuntime(options: AlembicOptions, signal: AbortSignal): Promise<AlembicRuntime> {
  const environment = { ...process.env, ...options.environment }
  const host = options.host ?? createLocalHost(environment)
  const iniFile = resolveIniFile(options)
  const folder = projectFolderOf(options)
  if (!(await host.hasFile(iniFile, signal))) {
    signal.throwIfAborted()
    const file = host.place === null ? iniFile : `${host.place}: ${iniFile}`
    throw new LockstepError({ kind: 'alembic_config_missing', file })
  }
  const { interpreter: configured, runnerFolder } = options
  const interpreter = await findInterpreter(
    { projectFolder: folder, environment, host, ...(configured === undefined ? {} : { configured }) },
    signal,
  )
  const entry = await openRunnerEntry(host, { runnerFolder, environment: options.environment })
  const pool = new RunnerPool(options.workers, { host, interpreter: interpreter.path, entry, folder })
  return { interpreter, pool }
}

function isElsewhere(host: AlembicOptions['host']): boolean {
  return host !== undefined && host.place !== null
}
