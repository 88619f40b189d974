import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { passSignalsOn } from '../../host/signals/watch-signals.ts'
import { debugProcess } from '../../programs/debug-process.ts'

/** Starts a shell in this terminal, hands signals on to it, and gives its exit code. */
export function startFrontend(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit' })
  debugProcess('processes', child, program, args)
  // It decides when it ends: a run at work is undone first.
  const end = passSignalsOn(signal => void child.kill(signal))
  return new Promise<number>((resolve, reject) => {
    child.once('error', error => {
      const fix = 'use --web, or correct LOCKSTEP_ELECTRON'
      reject(
        new LockstepError({ kind: 'usage', problem: `${program} cannot be started: ${error.message}`, fix }),
      )
    })
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  }).finally(end)
}
