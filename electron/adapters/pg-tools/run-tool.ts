import { spawn } from 'node:child_process'
import { withDeadline } from '../../lib/with-deadline.ts'
import { debugProcess } from '../../programs/debug-process.ts'

/** What a program of PostgreSQL's said; `code` is null when it could not be started or was ended. */
export interface ToolAnswer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program without a shell until it ends, the time is over or the signal comes; never throws. Secrets go through the environment only. */
export async function runTool(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  return withDeadline(signal, timeoutMs, stop => runUntil(path, args, environment, stop))
}

async function runUntil(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  stop: AbortSignal,
): Promise<ToolAnswer> {
  if (stop.aborted) return { code: null, stdout: '', stderr: 'stopped' }
  const child = spawn(path, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, LC_ALL: 'C', ...environment },
    windowsHide: true,
  })
  debugProcess('pg-tools', child, path, args)
  const end = () => child.kill('SIGKILL')
  stop.addEventListener('abort', end, { once: true })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  try {
    return await new Promise(resolve => {
      child.once('error', error => resolve({ code: null, stdout: '', stderr: error.message }))
      child.once('close', code => resolve({ code, ...printed }))
    })
  } finally {
    stop.removeEventListener('abort', end)
  }
}
