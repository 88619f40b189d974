import { CommanderError } from 'commander'
import { toFailure } from '../../shared/failure.ts'
import { exitCodeOf } from '../../shared/outcome.ts'
import { outcomeBeforeExecution } from '../engine/decide-outcome.ts'
import { createProgram } from './create-program.ts'
import { printFailure } from './print-failure.ts'

/** Runs one command line; resolves with the exit code and never throws. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = createProgram(code => {
    exitCode = code
  })
  if (args.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const failure = toFailure(error)
    const outcome = failure.kind === 'cancelled' ? 'interrupted' : outcomeBeforeExecution(failure)
    printFailure(failure, { args, outcome })
    return exitCodeOf(outcome)
  }
}
