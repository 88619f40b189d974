import { Duplex } from 'node:stream'
import { quoteArgument } from '../../output/quote-argument.ts'
import {
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  startProgram,
} from '../../programs/start-program.ts'
import type { SshTarget } from './endpoint.ts'

const longestComplaint = 4096
const complaintWaitMs = 200
const timeoutMs = 1000

/** What `ssh`, or the program that it ran there, said when it ended badly. */
export class SshError extends Error {
  readonly exitCode: number | null
  constructor(exitCode: number | null, complaint: string) {
    super(complaint)
    this.exitCode = exitCode
  }
}

/** What the system's `ssh` is started with, so that the user's configuration, agent and known hosts count. */
export function sshArguments(target: SshTarget, connectSeconds: number): readonly string[] {
  return [
    '-T',
    ...['-o', `ConnectTimeout=${connectSeconds}`],
    // There is no one to answer a question.
    ...['-o', 'BatchMode=yes'],
    ...(target.user === null ? [] : ['-l', target.user]),
    ...(target.port === null ? [] : ['-p', String(target.port)]),
    '--',
    target.host,
    'docker',
    // The shell of that host reads it.
    ...(target.socket === null ? [] : [`--host=${quoteArgument(`unix://${target.socket}`)}`]),
    ...['system', 'dial-stdio'],
  ]
}

/** A connection to a daemon over the input and output of a child; it has what HTTP asks of a socket. */
export class SshStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #exited: Promise<void>
  #complaint = ''

  constructor(
    target: SshTarget,
    connectSeconds: number,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    super({ allowHalfOpen: false })
    const args = sshArguments(target, connectSeconds)
    const command = { area: 'docker', program: 'ssh', args } as const
    this.#child = startProgram(command, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#exited = waitForExit(this.#child)
    this.#child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) this.#child.stdout.pause()
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-longestComplaint)
    })
    // How it ended is told by the exit.
    this.#child.stdin.on('error', () => undefined)
    this.#child.on('error', error => this.destroy(describeStart(error)))
    void this.#endWithChild()
  }

  /** Only the exit tells whether an end of the output is one, so an end is not reported before it. */
  async #endWithChild(): Promise<void> {
    const read = new Promise<void>(resolve => this.#child.stdout.once('close', resolve))
    const complained = new Promise<void>(resolve => this.#child.stderr.once('close', resolve))
    await Promise.all([this.#exited, read])
    if (this.destroyed) return
    const { exitCode } = this.#child
    if (exitCode === 0) {
      this.push(null)
      return
    }
    // A master connection of ssh may stay and hold the pipe of the complaints open: no waiting for its end.
    await Promise.race([
      complained,
      new Promise<void>(resolve => setTimeout(resolve, complaintWaitMs).unref()),
    ])
    this.destroy(new SshError(exitCode, lastLine(this.#complaint) || `ssh ended with code ${exitCode}`))
  }

  override _read(): void {
    this.#child.stdout.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const { stdin } = this.#child
    if (stdin.destroyed || stdin.write(chunk, encoding)) done()
    else {
      const go = (): void => {
        stdin.off('drain', go).off('close', go)
        done()
      }
      stdin.on('drain', go).on('close', go)
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end()
    done()
  }

  /** It is closed when the child is gone; one that does not go is killed. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.kill()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs)
    this.#child.stdin.destroy()
    this.#child.stdout.destroy()
    this.#child.stderr.destroy()
    void this.#exited.then(() => {
      clearTimeout(timer)
      done(error)
    })
  }

  setTimeout(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    for (const part of this.#parts()) if (isReferable(part)) part.ref()
    return this
  }

  unref(): this {
    for (const part of this.#parts()) if (isReferable(part)) part.unref()
    return this
  }

  #parts(): readonly object[] {
    return [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr]
  }
}

/** Pipes of a child are sockets, whatever their type says. */
function isReferable(part: object): part is { ref(): unknown; unref(): unknown } {
  return 'ref' in part && 'unref' in part
}

function waitForExit(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.once('error', () => {
      if (child.pid === undefined) resolve()
    })
  })
}

function describeStart(error: Error): SshError {
  const code = 'code' in error ? error.code : error.message
  return new SshError(null, code === 'ENOENT' ? 'ssh is not installed' : `ssh cannot be started: ${code}`)
}

function lastLine(text: string): string {
  return text.trim().split(/\r?\n/).at(-1)?.trim() ?? ''
}
