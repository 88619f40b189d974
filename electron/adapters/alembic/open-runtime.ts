import { posix, resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { AlembicOptions } from './alembic-options.ts'
import { type FoundInterpreter, findInterpreter } from './find-interpreter.ts'
import { createLocalWorkplace } from './local-host.ts'
import { openRunnerEntry } from './runner-entry.ts'
import { WorkerPool } from './runner-pool.ts'

/** What is known once the project's interpreter was found. */
export interface Workshop {
  readonly interpreter: FoundInterpreter
  readonly pool: WorkerPool
}

/** The path of alembic.ini where the project is: a container knows nothing of this machine's folders. */
export function resolveIniFile({
  iniFile,
  workplace,
}: Pick<AlembicOptions, 'iniFile' | 'workplace'>): string {
  return isElsewhere(workplace) ? posix.resolve('/', iniFile) : resolve(iniFile)
}

/** The folder of alembic.ini, in which everything runs. */
export function projectFolderOf(options: Pick<AlembicOptions, 'iniFile' | 'workplace'>): string {
  const iniFile = resolveIniFile(options)
  return isElsewhere(options.workplace) ? posix.dirname(iniFile) : resolve(iniFile, '..')
}

/** Finds the project's interpreter and prepares its runners; none is started yet. */
export async function openWorkshop(options: AlembicOptions, signal: AbortSignal): Promise<Workshop> {
  const environment = { ...process.env, ...options.environment }
  const workplace = options.workplace ?? createLocalWorkplace(environment)
  const iniFile = resolveIniFile(options)
  const folder = projectFolderOf(options)
  if (!(await workplace.hasFile(iniFile, signal))) {
    signal.throwIfAborted()
    const file = workplace.place === null ? iniFile : `${workplace.place}: ${iniFile}`
    throw new LockstepError({ kind: 'alembic_config_missing', file })
  }
  const { interpreter: configured, runnerFolder } = options
  const interpreter = await findInterpreter(
    { projectFolder: folder, environment, workplace, ...(configured === undefined ? {} : { configured }) },
    signal,
  )
  const entry = await openRunnerEntry(workplace, { runnerFolder, environment: options.environment })
  const pool = new WorkerPool(options.workers, { workplace, interpreter: interpreter.path, entry, folder })
  return { interpreter, pool }
}

function isElsewhere(workplace: AlembicOptions['workplace']): boolean {
  return workplace !== undefined && workplace.place !== null
}
