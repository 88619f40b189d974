import { existsSync } from 'node:fs'
import { runProgram } from '../../programs/run-program.ts'
import { startProgram } from '../../programs/start-program.ts'
import type { ExecutionHost } from './execution-host.ts'

/** This machine as the place where the project is; what runs there gets this environment. */
export function createLocalHost(environment: Readonly<Record<string, string | undefined>>): ExecutionHost {
  return {
    place: null,
    hasFile: async path => existsSync(path),
    run: (program, args, options, signal) =>
      runProgram({ area: 'alembic', program, args }, { ...options, environment }, signal),
    start(program, args, { folder }) {
      const child = startProgram(
        { area: 'alembic', program, args },
        { cwd: folder, env: environment, stdio: ['pipe', 'pipe', 'pipe'] },
      )
      const { stdin, stdout, stderr, pid } = child
      const ended = new Promise<{ readonly problem: string | null }>(resolve => {
        child.once('close', () => resolve({ problem: null }))
        child.once('error', error => resolve({ problem: error.message }))
      })
      return { stdin, stdout, stderr, pid, ended, kill: () => void child.kill('SIGKILL') }
    },
  }
}
