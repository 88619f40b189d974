import { type ProgramResult, runProgram } from '../../programs/run-program.ts'

/** Runs a program of PostgreSQL's until it ends, the time is over or the signal comes; never throws. */
export function runTool(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProgramResult> {
  const command = { area: 'pg-tools', program: path, args } as const
  return runProgram(command, { environment: toolEnvironment(environment), timeoutMs }, signal)
}

/** What such a program is started with: secrets come this way only, and no variable of this process changes what it does. */
export function toolEnvironment(
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string | undefined>> {
  return { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, LC_ALL: 'C', ...environment }
}
