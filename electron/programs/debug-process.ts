import type { ChildProcess } from 'node:child_process'
import { type DebugArea, debug } from '../output/debug-log.ts'
import { quoteArgument } from '../output/quote-argument.ts'

/** Tells of a program that was started, and of its end; never of its environment, where passwords are. */
export function debugProcess(
  area: DebugArea,
  child: ChildProcess,
  program: string,
  args: readonly string[],
): void {
  debug(area, () => `started ${child.pid ?? 'nothing'}: ${formatCommand([program, ...args])}`)
  child.once('error', error => debug(area, () => `could not start ${program}: ${error.message}`))
  child.once('exit', (code, signal) => debug(area, () => `ended ${child.pid}: ${describeExit(code, signal)}`))
}

/** A command as one would type it. */
export function formatCommand(command: readonly string[]): string {
  return command.map(quoteArgument).join(' ')
}

function describeExit(code: number | null, signal: string | null): string {
  return signal === null ? `exit code ${code}` : signal
}
