import { constants } from 'node:os'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { passSignalsOn } from '../../host/signals/watch-signals.ts'
import { startProgram } from '../../programs/start-program.ts'

/** Starts a shell in this terminal, hands signals on to it, and gives its exit code. */
export function startFrontend(program: string, args: readonly string[]): Promise<number> {
  const child = startProgram({ area: 'processes', program, args }, { stdio: 'inherit' })
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
