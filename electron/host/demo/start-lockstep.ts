import { type ChildProcess, startProgram } from '../../programs/start-program.ts'

/** A command line that runs in a process of its own. */
export interface StartedLockstep {
  readonly process: ChildProcess
  /** Exit code, or 128 and the signal's number as a shell would say; 137 after SIGKILL. */
  readonly ended: Promise<number>
  /** Resolves when the run is held at its fault point, or has ended without one. */
  readonly held: Promise<void>
  /** Lets a held run go on. */
  resume(): void
}

export interface StartOptions {
  /** The interpreter and the launcher, such as `[node, lockstep.mjs]`. */
  readonly commandLine: readonly string[]
  readonly args: readonly string[]
  readonly folder: string
  /** See `readFaultPoint`. */
  readonly faultPoint?: string
  /** False sends standard output nowhere: at most one document may reach the caller's. */
  readonly showResult: boolean
}

const signalNumbers: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

/** Starts the product's own command line on the demo's project, as a person would. */
export function startLockstep(options: StartOptions): StartedLockstep {
  const [command = process.execPath, ...launcher] = options.commandLine
  const args = [...launcher, ...options.args]
  const child = startProgram(
    { area: 'processes', program: command, args },
    {
      cwd: options.folder,
      stdio: ['inherit', options.showResult ? 'inherit' : 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, LOCKSTEP_STATE_DIR: undefined, LOCKSTEP_FAULT: options.faultPoint },
    },
  )
  const ended = new Promise<number>(resolve => {
    child.once('error', () => resolve(1))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signalNumbers[signal ?? ''] ?? 0)))
  })
  const held = new Promise<void>(resolve => {
    child.once('message', () => resolve())
    void ended.then(() => resolve())
  })
  return {
    process: child,
    ended,
    held,
    resume: () => {
      if (child.connected) child.send('go on')
    },
  }
}
