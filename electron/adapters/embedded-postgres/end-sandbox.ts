import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { listProcessesIn } from './list-processes.ts'
import { removeSharedMemory } from './remove-shared-memory.ts'

const timeoutMs = 10_000

/** Ends the servers of a sandbox whose owner is dead, and removes its folder. */
export async function endSandbox(folder: string): Promise<void> {
  if (!basename(folder).startsWith('lockstep-sandbox-'))
    throw new LockstepError({ kind: 'internal', message: `not a sandbox: ${folder}` })
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const dataFolder = join(folder, name)
    await endServer(dataFolder)
    await removeSharedMemory(dataFolder)
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

/** Its processes work in the data folder; a process id alone may belong to another process by now. */
async function endServer(dataFolder: string): Promise<void> {
  const lock = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')
  const postmaster = Number(lock.split('\n')[0])
  const until = Date.now() + timeoutMs
  for (let signal: NodeJS.Signals = 'SIGQUIT'; ; signal = 'SIGKILL') {
    const running = await listProcessesIn(dataFolder)
    if (running.length === 0) return
    if (Date.now() > until)
      throw new LockstepError({
        kind: 'deadline_passed',
        waitingFor: `${dataFolder} to be left by its server`,
        seconds: timeoutMs / 1_000,
      })
    // The postmaster ends its own; only what is left after it is ended one by one.
    for (const pid of running.includes(postmaster) ? [postmaster] : running) kill(pid, signal)
    await delay(signal === 'SIGQUIT' ? 500 : 50)
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has just ended.
  }
}
