import { withDeadline } from '../lib/with-deadline.ts'
import { killGroup } from './end-group.ts'
import { type Command, startProgram } from './start-program.ts'

/** What a short-lived program said; `code` is null when it could not be started or was stopped. */
export interface ProgramResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  /** Where it runs; the folder of this process when not given. */
  readonly folder?: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
}

/** Runs a program until it ends, the time is over or the signal comes, and collects what it prints; never throws. A stop ends its children too. */
export async function runProgram(
  command: Command,
  options: ProgramOptions,
  signal: AbortSignal,
): Promise<ProgramResult> {
  return withDeadline(signal, options.timeoutMs, stop => runUntil(command, options, stop))
}

async function runUntil(
  command: Command,
  { folder, environment }: ProgramOptions,
  stop: AbortSignal,
): Promise<ProgramResult> {
  if (stop.aborted) return { code: null, stdout: '', stderr: 'stopped' }
  const child = startProgram(command, {
    ...(folder === undefined ? {} : { cwd: folder }),
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what a venv or pip starts is ended with it.
    detached: process.platform !== 'win32',
  })
  const end = (): void => killGroup(child)
  stop.addEventListener('abort', end, { once: true })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  try {
    return await new Promise<ProgramResult>(resolve => {
      child.once('error', error => resolve({ code: null, stdout: '', stderr: error.message }))
      child.once('close', code => resolve({ code, ...printed }))
    })
  } finally {
    stop.removeEventListener('abort', end)
  }
}
