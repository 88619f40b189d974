import pc from 'picocolors'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import { exitCodeOf, type Outcome } from '../../../shared/run/outcome.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'

/** Says on standard error what is wrong, where, why and how to mend it; with `--json` also as a document on standard output. */
export function printFailure(
  failure: Failure,
  context: { readonly args: readonly string[]; readonly outcome: Outcome },
): void {
  standardError.write(formatFailure(failure))
  if (failure.kind === 'internal' && failure.stack && context.args.includes('--debug'))
    standardError.write(`${failure.stack}\n`)
  if (context.args.some(argument => argument === '--json' || argument.startsWith('--json='))) {
    const document = {
      schema_version: 1,
      outcome: context.outcome,
      exit_code: exitCodeOf(context.outcome),
      failure: withoutStack(failure),
    }
    standardOutput.write(`${JSON.stringify(document, null, 2)}\n`)
  }
}

/** A failure in four short lines. */
export function formatFailure(failure: Failure): string {
  const { what, where, why, fix } = describeFailure(failure)
  const colors = pc.createColors(pc.isColorSupported && standardError.isTTY)
  const lines = [
    `${colors.red('error')}: ${what}`,
    ...(where ? [`   at  ${where}`] : []),
    ...(why ? [`  why  ${why}`] : []),
    ...(fix ? [`  fix  ${fix}`] : []),
  ]
  return `${lines.join('\n')}\n`
}

function withoutStack(failure: Failure): Failure {
  return failure.kind === 'internal' ? { kind: 'internal', message: failure.message } : failure
}
