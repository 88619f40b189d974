import { type ChildProcess, spawn } from 'node:child_process'
import { withDeadline } from '../lib/with-deadline.ts'
import { debugProcess } from './debug-process.ts'

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

/** Runs a program without a shell and collects what it prints; never throws. A stop ends its children too. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
  signal: AbortSignal,
): Promise<ProgramResult> {
  return withDeadline(signal, options.timeoutMs, stop => runUntil(program, args, options, stop))
}

async function runUntil(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
  stop: AbortSignal,
): Promise<ProgramResult> {
  if (stop.aborted) return { code: null, stdout: '', stderr: 'stopped' }
  const child = spawn(program, args, {
    cwd: options.folder,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // A group of its own: what a venv or pip starts is ended with it.
    detached: process.platform !== 'win32',
  })
  debugProcess('alembic', child, program, args)
  const end = (): void => killGroup(child)
  stop.addEventListener('abort', end, { once: true })
  try {
    return await collect(child)
  } finally {
    stop.removeEventListener('abort', end)
  }
}

function collect(child: ChildProcess): Promise<ProgramResult> {
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  return new Promise(resolve => {
    child.once('error', error => resolve({ code: null, stdout: '', stderr: error.message }))
    child.once('close', code => resolve({ code, ...printed }))
  })
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}
