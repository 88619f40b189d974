import { execFile } from 'node:child_process'

/** What a short-lived program said; `code` is null when it could not be started or was stopped. */
export interface ProgramResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
}

/** Runs a program without a shell and collects what it prints; never throws. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
  signal: AbortSignal,
): Promise<ProgramResult> {
  const { folder: cwd, environment: env, timeoutMs: timeout } = options
  return new Promise(resolve => {
    const settings = { cwd, env, timeout, signal, windowsHide: true, maxBuffer: 16_777_216 }
    execFile(program, args, settings, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') })
    })
  })
}
