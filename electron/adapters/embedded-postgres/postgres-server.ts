import { once } from 'node:events'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { type ChildProcess, startProgram } from '../../programs/start-program.ts'
import { listProcessesIn } from './list-processes.ts'
import type { Runtime } from './prepare-runtime.ts'
import type { ServerUser } from './run-as.ts'
import { serverEnvironment } from './server-environment.ts'
import type { Watchdog } from './watchdog.ts'

/** What a server of a sandbox needs to know before it can be started. */
export interface PostgresServerOptions {
  readonly name: string
  readonly port: number
  readonly dataFolder: string
  readonly logFile: string
  readonly runtime: Runtime
  readonly user: ServerUser | null
  readonly watchdog: Watchdog
}

/** Settings that are given on the command line of one start, and win over the configuration file. */
export type StartSettings = Readonly<Record<string, string>>

const startSeconds = 60

/** A PostgreSQL server as our own child process, which can be killed and started again. */
export class PostgresServer {
  readonly name: string
  readonly host = '127.0.0.1'
  readonly port: number
  readonly dataFolder: string
  readonly logFile: string
  readonly #options: PostgresServerOptions
  #child: ChildProcess | null = null

  constructor(options: PostgresServerOptions) {
    this.#options = options
    this.name = options.name
    this.port = options.port
    this.dataFolder = options.dataFolder
    this.logFile = options.logFile
  }

  /** The postmaster's process id; null while the server is down. */
  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Starts the server and waits until it takes connections. Does nothing when it runs. */
  async start(settings: StartSettings = {}): Promise<void> {
    if (this.#child !== null) return
    const deadline = Date.now() + startSeconds * 1000
    for (;;) {
      const logged = this.#readLogSize()
      const child = await this.#spawn(settings)
      if (await this.#isReady(child, deadline)) return
      const words = this.#readLogFrom(logged)
      // The children of a killed postmaster hold its lock file and shared memory until they have died, too.
      if (!/lock file .* already exists|pre-existing shared memory/.test(words) || Date.now() > deadline) {
        throw this.#startFailure(words)
      }
      await delay(50)
    }
  }

  /** `fast` ends sessions and writes a checkpoint; `immediate` is for data that is thrown away. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.#end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  }

  /** Kills the postmaster as a crash would, and waits until its children have noticed and are gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
    while ((await listProcessesIn(this.dataFolder)).length > 0) await delay(10)
  }

  async #spawn(settings: StartSettings): Promise<ChildProcess> {
    const { runtime, user, watchdog, dataFolder, logFile } = this.#options
    const log = openSync(logFile, 'a', 0o600)
    const overrides = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const args = ['-D', dataFolder, ...overrides]
    const command = { area: 'sandbox', program: runtime.postgres, args } as const
    const child = startProgram(command, {
      cwd: dirname(dataFolder),
      // A session of its own: Ctrl-C belongs to Lockstep, which still needs the server to undo its work.
      detached: true,
      stdio: ['ignore', log, log],
      env: serverEnvironment(),
      ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
    })
    closeSync(log)
    const { pid } = child
    if (pid !== undefined) watchdog.watch(pid)
    child.once('exit', () => {
      if (pid !== undefined) watchdog.forget(pid)
      if (this.#child === child) this.#child = null
    })
    await once(child, 'spawn').catch(error => Promise.reject(this.#startFailure(String(error))))
    this.#child = child
    child.unref()
    return child
  }

  /** The postmaster itself writes its state into its lock file; false when it exited before it was ready. */
  async #isReady(child: ChildProcess, deadline: number): Promise<boolean> {
    while (child.exitCode === null && child.signalCode === null) {
      const lines = readLines(join(this.dataFolder, 'postmaster.pid'))
      if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true
      if (Date.now() > deadline) {
        await this.stop('immediate')
        throw new LockstepError({
          kind: 'deadline_passed',
          waitingFor: `the sandbox server ${this.name} to take connections`,
          seconds: startSeconds,
        })
      }
      await delay(10)
    }
    return false
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === null) return
    child.ref()
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  #readLogSize(): number {
    return statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0
  }

  #readLogFrom(size: number): string {
    return readFileSync(this.logFile).subarray(size).toString('utf8')
  }

  #startFailure(words: string): LockstepError {
    const reason = /(?:FATAL|PANIC|error while loading).*/.exec(words)?.[0] ?? words.trim().split('\n').at(-1)
    return new LockstepError({
      kind: 'sandbox_failed',
      problem: `the server ${this.name} did not start: ${reason}`,
      fix: `keep the folder of the sandbox and read logs/${this.name}.log there`,
    })
  }
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    // Not written yet, or just being replaced.
    return []
  }
}
