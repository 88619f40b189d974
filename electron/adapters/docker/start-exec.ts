import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { debug, describeError } from '../../output/debug-log.ts'
import { formatCommand } from '../../programs/debug-process.ts'
import type { ProcessOptions } from './docker.ts'

/** A program in a container, and the connection that carries its input and its outputs. */
export interface StartedExec {
  readonly exec: Dockerode.Exec
  /** Closing it is the end of the program's input. */
  readonly socket: Duplex
}

/** How long an engine may take to answer, other than to run the program. */
const answerMs = 10_000

/** Starts a program in a running container, with input and both outputs. */
export async function startExec(
  engine: Dockerode,
  containerId: string,
  command: readonly string[],
  options: ProcessOptions,
  signal: AbortSignal,
): Promise<StartedExec> {
  // Not `AbortSignal.any` with a timeout: the request keeps its signal for as long as the program runs.
  const stop = new AbortController()
  const onAbort = (): void => stop.abort(signal.reason)
  const timer = setTimeout(() => stop.abort(new Error('the engine does not answer')), answerMs)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    const exec = await engine.getContainer(containerId).exec({
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      Cmd: [...command],
      ...(options.folder === undefined ? {} : { WorkingDir: options.folder }),
      ...(options.user === undefined ? {} : { User: options.user }),
      ...(options.environment === undefined
        ? {}
        : { Env: Object.entries(options.environment).map(([name, value]) => `${name}=${value}`) }),
      abortSignal: stop.signal,
    })
    const socket = await exec.start({ hijack: true, stdin: true, Tty: false, abortSignal: stop.signal })
    // There may be no listener any more when a connection breaks that is being given up.
    socket.on('error', () => undefined)
    // A deadline of the client's requests is none for a program that has nothing to say.
    if ('setTimeout' in socket && typeof socket.setTimeout === 'function') socket.setTimeout(0)
    if (stop.signal.aborted) socket.destroy()
    stop.signal.throwIfAborted()
    debug('docker', () => `started in ${containerId.slice(0, 12)}: ${formatCommand(command)}`)
    return { exec, socket }
  } catch (error) {
    debug('docker', () => `could not start in ${containerId.slice(0, 12)}: ${describeError(error)}`)
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** The exit code of a program whose outputs have ended; null when it still runs, as it does behind a lost connection. */
export async function readExitCode(exec: Dockerode.Exec): Promise<number | null> {
  // The engine closes the outputs a moment before it writes down the end.
  const signal = deadlineSignal(answerMs)
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const facts = await exec.inspect({ abortSignal: signal })
    if (!facts.Running) return facts.ExitCode
    await delay(50)
  }
  return null
}
