import { CommanderError } from 'commander'
import { toFailure } from '../../shared/failure/failure.ts'
import { exitCodeOf } from '../../shared/run/outcome.ts'
import { outcomeBeforeExecution } from '../engine/context/decide-outcome.ts'
import { describeLoss, standardError, standardOutput } from '../host/output/safe-output.ts'
import { createProgram } from './create-program.ts'
import { printFailure } from './output/print-failure.ts'

/** Verbs whose result is on record, whether or not it could be printed: their exit code says how they ended. */
const verbsOnRecord: ReadonlySet<string> = new Set(['run', 'recover', 'rollback', 'demo', 'open'])

/** Runs one command line; resolves with the exit code and never throws. */
export async function main(args: readonly string[]): Promise<number> {
  let verb = ''
  const exitCode = await runProgram(args, name => {
    verb = name
  })
  await Promise.all([standardOutput.drained(), standardError.drained()])
  const code = standardOutput.lostBy
  // A reader that goes away, such as `head`, has what it wanted.
  if (code === null || code === 'EPIPE' || verbsOnRecord.has(verb)) return exitCode
  standardError.write(`error: standard output cannot be written: ${describeLoss(code)}\n`)
  return exitCode || 1
}

async function runProgram(args: readonly string[], onVerb: (name: string) => void): Promise<number> {
  let exitCode = 0
  const program = createProgram(code => {
    exitCode = code
  })
  program.hook('preAction', (_program, action) => onVerb(action.name()))
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
