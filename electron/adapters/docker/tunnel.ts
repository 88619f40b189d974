import { Duplex } from 'node:stream'
import type Dockerode from 'dockerode'
import { createDemultiplexer, type OutputChannel } from './demultiplex.ts'
import {
  describeEngineRefusal,
  describeExecError,
  type ExecProblem,
  isEngineRefusal,
} from './describe-exec-problem.ts'
import type { TunnelStream } from './docker.ts'
import { startExec } from './start-exec.ts'
import { listTunnelCommands, readTunnelReport, tunnelProgramNames } from './tunnel-programs.ts'

/** A connection, not begun yet, to a port inside a container: a program there joins it to this stream. */
export function openTunnel(engine: Dockerode, containerId: string, port: number): TunnelStream {
  return new ExecTunnel(
    (command, signal) =>
      startExec(engine, containerId, command, { environment: { LC_ALL: 'C' } }, signal).then(
        started => started.socket,
      ),
    port,
  )
}

type StartProgram = (command: readonly string[], signal: AbortSignal) => Promise<Duplex>

interface TunnelProblem {
  readonly code:
    | ExecProblem['code']
    | 'ECONNREFUSED'
    | 'EHOSTUNREACH'
    | 'TUNNEL_PROGRAM_MISSING'
    | 'TUNNEL_FAILED'
  readonly message: string
}

/** The server may listen on one of them only. */
const hosts = ['127.0.0.1', '::1']
const keptBytes = 2048

class ExecTunnel extends Duplex implements TunnelStream {
  readonly #start: StartProgram
  readonly #port: number
  readonly #stop = new AbortController()
  #socket: Duplex | null = null
  #isBegun = false
  #isConnected = false
  #said = ''
  /** What was written or ended before the connection stood. */
  #waiting: (() => void) | null = null
  /** What is asked of the socket, in the order in which it was asked. */
  readonly #pendingCalls: ((socket: Duplex) => void)[] = []

  constructor(start: StartProgram, port: number) {
    // As a socket: the server's end is the end of both directions.
    super({ allowHalfOpen: false })
    this.#start = start
    this.#port = port
  }

  connect(_port: number, _host: string): this {
    if (!this.#isBegun) {
      this.#isBegun = true
      void this.#begin()
    }
    return this
  }

  setNoDelay(noDelay?: boolean): this {
    return this.#onceConnected(socket => callIfThere(socket, 'setNoDelay', noDelay))
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    return this.#onceConnected(socket => callIfThere(socket, 'setKeepAlive', enable, initialDelay))
  }

  ref(): this {
    return this.#onceConnected(socket => callIfThere(socket, 'ref'))
  }

  unref(): this {
    return this.#onceConnected(socket => callIfThere(socket, 'unref'))
  }

  override _read(): void {
    if (this.#isConnected) this.#socket?.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#whenConnected(socket => socket.write(chunk, done))
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#whenConnected(socket => {
      socket.cork()
      chunks.forEach(({ chunk }, index) => {
        socket.write(chunk, index === chunks.length - 1 ? done : undefined)
      })
      socket.uncork()
    })
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#whenConnected(socket => {
      // A program that has ended takes no end of input any more.
      if (socket.destroyed || socket.writableEnded) done()
      else socket.end(() => done())
    })
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#waiting = null
    this.#stop.abort(new Error('the tunnel was closed'))
    this.#socket?.destroy()
    done(error)
  }

  #onceConnected(call: (socket: Duplex) => void): this {
    this.#pendingCalls.push(call)
    if (this.#socket !== null) call(this.#socket)
    return this
  }

  #whenConnected(act: (socket: Duplex) => void): void {
    const run = (): void => {
      if (this.#socket !== null) act(this.#socket)
    }
    if (this.#isConnected) run()
    else this.#waiting = run
  }

  async #begin(): Promise<void> {
    let first: TunnelProblem | null = null
    for (const host of hosts) {
      const problem = await this.#tryHost(host)
      if (problem === null || this.destroyed) return
      first ??= problem
      if (problem.code !== 'ECONNREFUSED' && problem.code !== 'EHOSTUNREACH') break
    }
    if (first !== null) this.destroy(Object.assign(new Error(first.message), { code: first.code }))
  }

  /** Takes the first of the commands that is there; null when the connection stands. */
  async #tryHost(host: string): Promise<TunnelProblem | null> {
    for (const command of listTunnelCommands(host, this.#port)) {
      const problem = await this.#tryCommand(command)
      if (problem?.code !== 'PROGRAM_MISSING') return problem
    }
    return missingProgram
  }

  async #tryCommand(command: readonly string[]): Promise<TunnelProblem | null> {
    const program = command[0] ?? ''
    let socket: Duplex
    try {
      socket = await this.#start(command, this.#stop.signal)
    } catch (error) {
      return describeExecError(error, program)
    }
    if (this.destroyed) {
      socket.destroy()
      return null
    }
    this.#socket = socket
    this.#said = ''
    for (const call of this.#pendingCalls) call(socket)
    const refusal = await this.#followProgram(socket)
    if (this.#isConnected) return null
    socket.destroy()
    return refusal === '' ? this.#describeSilence() : describeEngineRefusal(refusal, program)
  }

  /** Resolves when the connection stands, or when the program is gone: with the engine's refusal, if there was one. */
  #followProgram(socket: Duplex): Promise<string> {
    let refusal = ''
    return new Promise(resolve => {
      const take = (channel: OutputChannel, bytes: Buffer): void => {
        if (!this.#isConnected && (refusal !== '' || (this.#said === '' && isEngineRefusal(bytes)))) {
          refusal += bytes.toString()
          return
        }
        if (channel === 'stderr') this.#said = (this.#said + bytes.toString('latin1')).slice(-keptBytes)
        const isHeard = channel === 'stdout' || readTunnelReport(this.#said) === 'connected'
        if (!this.#isConnected && isHeard) {
          this.#becomeConnected()
          resolve('')
        }
        if (channel === 'stdout' && !this.push(bytes)) socket.pause()
      }
      const demultiplex = createDemultiplexer(take)
      socket.on('data', (chunk: Buffer) => {
        if (this.destroyed) return
        try {
          demultiplex(chunk)
        } catch (error) {
          this.destroy(error instanceof Error ? error : new Error(String(error)))
        }
      })
      socket.once('end', () => this.#endReading())
      socket.once('error', error => {
        if (this.#isConnected) this.destroy(error)
      })
      socket.once('close', () => {
        this.#endReading()
        resolve(refusal)
      })
    })
  }

  #becomeConnected(): void {
    this.#isConnected = true
    this.emit('connect')
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.()
  }

  #endReading(): void {
    if (!this.#isConnected || this.destroyed || this.readableEnded) return
    if (readTunnelReport(this.#said) === 'cut') {
      const message = 'the server did not close the connection, so the rest of its answer was not awaited'
      this.destroy(Object.assign(new Error(message), { code: 'ECONNRESET' }))
    } else {
      this.push(null)
    }
  }

  #describeSilence(): TunnelProblem {
    const said = this.#said.trim()
    const report = readTunnelReport(said)
    if (report === 'no program') return missingProgram
    const message = said === '' ? 'the program of the tunnel ended without a word' : said
    if (report === 'refused') return { code: 'ECONNREFUSED', message }
    if (report === 'unreachable') return { code: 'EHOSTUNREACH', message }
    return { code: 'TUNNEL_FAILED', message }
  }
}

const missingProgram: TunnelProblem = {
  code: 'TUNNEL_PROGRAM_MISSING',
  message: `the container has none of the programs that can carry a tunnel: ${tunnelProgramNames.join(', ')}`,
}

/** Only some of the streams that an engine is reached over are sockets. */
function callIfThere(socket: Duplex, name: string, ...args: readonly unknown[]): void {
  const method: unknown = Reflect.get(socket, name)
  if (typeof method === 'function') Reflect.apply(method, socket, args)
}
