import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { ExecutionHost } from '../../../../electron/adapters/alembic/execution-host.ts'
import { runProgram } from '../../../../electron/programs/run-program.ts'

/** A place with an environment of its own, whose programs end only by the end of their input. */
export interface PretendContainer extends ExecutionHost {
  /** Every program that ran, with its arguments. */
  readonly commands: readonly (readonly string[])[]
  /** The programs that were started to be talked to. */
  readonly started: readonly ChildProcess[]
}

/** Programs of this machine, reached in the ways in which those of a container are reached. */
export function pretendContainer(environment: Readonly<Record<string, string>>): PretendContainer {
  const commands: (readonly string[])[] = []
  const started: ChildProcess[] = []
  return {
    place: 'service app',
    commands,
    started,
    hasFile: async path => existsSync(path),
    run(program, args, options, signal) {
      commands.push([program, ...args])
      return runProgram({ area: 'alembic', program, args }, { ...options, environment }, signal)
    },
    start(program, args, { folder }) {
      commands.push([program, ...args])
      const child = spawn(program, args, { cwd: folder, env: environment, stdio: 'pipe' })
      started.push(child)
      const { stdin, stdout, stderr } = child
      const ended = new Promise<{ readonly problem: string | null }>(resolve => {
        child.once('close', () => resolve({ problem: null }))
        child.once('error', error => resolve({ problem: error.message }))
      })
      const kill = (): void => {
        for (const stream of [stdin, stdout, stderr]) stream.destroy()
      }
      return { stdin, stdout, stderr, pid: undefined, ended, kill }
    },
  }
}

/** How a started program ended; waits for it. */
export async function endOf(
  child: ChildProcess | undefined,
): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  if (!child) throw new Error('no program was started')
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise(resolve => child.once('exit', resolve))
  }
  return { code: child.exitCode, signal: child.signalCode }
}
