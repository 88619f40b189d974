import type { HookRequest, HookResult, HookRunner } from '../../engine/ports/hooks.ts'
import { throwIfAborted } from '../../lib/throw-if-aborted.ts'
import { hideFromDebug } from '../../output/debug-log.ts'
import { endGroup } from '../../programs/end-group.ts'
import { type ChildProcess, startProgram } from '../../programs/start-program.ts'
import { createOutputTail } from './output-tail.ts'

/** Where hooks run, and what must never be seen in their output. */
export interface HookOptions {
  /** Hooks run in the folder of the project. */
  readonly folder: string
  /** Values that are taken out of whatever a hook writes. */
  readonly secrets: readonly string[]
  /** Default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

type End =
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'late' }

const tailBytes = 4096
const drainMs = 1000

/** Runs users' executables: no shell, facts on standard input, a deadline, and nothing left running. */
export function createHookRunner(options: HookOptions): HookRunner {
  for (const secret of options.secrets) hideFromDebug(secret)
  return { run: (request, signal) => runHook(request, options, signal) }
}

async function runHook(request: HookRequest, options: HookOptions, signal: AbortSignal): Promise<HookResult> {
  throwIfAborted(signal)
  const [executable = '', ...parameters] = request.command
  // The name alone is looked up in PATH; an empty one would throw instead of failing.
  if (executable === '') return { status: 'not_started', code: 'ENOENT' }
  const child = startProgram(
    { area: 'hooks', program: executable, args: parameters },
    {
      cwd: options.folder,
      env: { ...(options.environment ?? process.env) },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that what the hook starts can be ended with it.
      detached: process.platform !== 'win32',
    },
  )
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  const stdout = createOutputTail(child.stdout, tailBytes, options.secrets)
  const stderr = createOutputTail(child.stderr, tailBytes, options.secrets)
  // A hook that does not read its input closes the pipe: that is its right.
  child.stdin.on('error', () => undefined)
  child.stdin.end(`${JSON.stringify(request.facts)}\n`)

  const end = await waitForEnd(child, request.timeoutMs, signal)
  if (end.kind === 'error') return { status: 'not_started', code: end.code }
  await endGroup(child)
  await waitForOutput(child, closed)
  throwIfAborted(signal)
  const output = { stdout: stdout.read(), stderr: stderr.read() }
  if (end.kind === 'late') return { status: 'timed_out', ...output }
  if (end.code !== null) return { status: 'exited', exitCode: end.code, ...output }
  return { status: 'killed', signal: end.signal ?? 'unknown', ...output }
}

/** Resolves with the exit, or with `late` when the deadline or the signal comes first. */
function waitForEnd(child: ChildProcess, timeoutMs: number, signal: AbortSignal): Promise<End> {
  return new Promise(resolve => {
    const finish = (end: End): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      resolve(end)
    }
    const giveUp = (): void => finish({ kind: 'late' })
    const timer = setTimeout(giveUp, timeoutMs)
    signal.addEventListener('abort', giveUp)
    child.once('exit', (code, word) => finish({ kind: 'exit', code, signal: word }))
    child.once('error', error => finish({ kind: 'error', code: codeOf(error) }))
  })
}

/** A process that left the group on purpose can hold the pipes open for ever; its output is not waited for. */
async function waitForOutput(child: ChildProcess, closed: Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, drainMs)
  await closed
  clearTimeout(timer)
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
