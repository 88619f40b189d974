import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  STATUS_CODES,
} from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { closeCodes, enginePath, engineProtocol } from '../../shared/api/web-session.ts'
import { LockstepError } from '../../shared/failure/failure.ts'
import type { EngineService } from '../host/service/interface/service.ts'
import { debug } from '../output/debug-log.ts'
import { answerRequest } from './answer-request.ts'
import { isOwnHost, type Refusal, refuseForeign } from './check-request.ts'
import { connectClient, longestImport } from './connect-client.ts'
import { loadFiles } from './load-files.ts'
import { securityHeaders } from './security-headers.ts'
import { createWebSessions, type WebSessions } from './sessions.ts'
import { createSignIn } from './sign-in.ts'

/** What a loopback dashboard is made of. */
export interface DashboardOptions {
  readonly service: EngineService
  /** The folder of the built renderer. */
  readonly files: string
  /** 0 takes a free port. */
  readonly port: number
  /** The view that an address leads to, such as `#/runs/last`. */
  readonly open: string | null
  readonly pingEveryMs?: number
}

/** A dashboard that is served. */
export interface ServedDashboard {
  readonly port: number
  /** An address that signs one browser in, once; it replaces the one before. */
  newAddress(): string
  countClients(): number
  /** Tells every client why, and waits until nothing of the server is left. The service stays. */
  close(why: keyof typeof closeCodes): Promise<void>
}

/** Serves the dashboard on 127.0.0.1 to browsers that sign in with a one-time address. */
export async function serveDashboard(options: DashboardOptions): Promise<ServedDashboard> {
  const { service, files: folder, open, pingEveryMs = 15_000 } = options
  const files = loadFiles(folder)
  const server = createServer({ requireHostHeader: false })
  const port = await listen(server, options.port)
  const sessions = createWebSessions(port)
  const site = { port, files, answerSignIn: createSignIn(sessions) }
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestImport,
    perMessageDeflate: false,
    handleProtocols: offered => (offered.has(engineProtocol) ? engineProtocol : false),
  })
  const answer: RequestListener = (request, response) => {
    answerRequest(site, request, response).catch(() => response.destroy())
  }
  server.on('request', answer)
  // Node would answer by itself, and without our headers.
  server.on('checkExpectation', answer)
  server.on('upgrade', (request, socket, head) => {
    const refusal = refuseUpgrade(request, port, sessions)
    debug('web', () => `connection: ${refusal === null ? 'accepted' : `${refusal.status} ${refusal.reason}`}`)
    if (refusal !== null) return refuseSocket(socket, refusal, request.headers.host, port)
    sockets.handleUpgrade(request, socket, head, client => connectClient(client, service, pingEveryMs))
  })
  server.on('clientError', (_error, socket) => {
    refuseSocket(socket, { status: 400, reason: 'This is not understood.' }, undefined, port)
  })
  return {
    port,
    newAddress() {
      const view = open === null ? '' : `&at=${encodeURIComponent(open.replace(/^#/, ''))}`
      return `http://127.0.0.1:${port}/#token=${sessions.newToken()}${view}`
    },
    countClients: () => sockets.clients.size,
    async close(why) {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      await closeClients(sockets, closeCodes[why], why)
      server.closeAllConnections()
      await closed
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describeListening(error, port)))
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error')
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function describeListening(error: NodeJS.ErrnoException, port: number): Error {
  const problems: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is taken by another program`,
    EACCES: `port ${port} is reserved for the system`,
  }
  const problem = problems[error.code ?? '']
  if (problem === undefined) return error
  return new LockstepError({
    kind: 'usage',
    problem,
    fix: 'choose another --port; without it a free one is taken',
  })
}

function refuseUpgrade(request: IncomingMessage, port: number, sessions: WebSessions): Refusal | null {
  const foreign = refuseForeign(request, port, true)
  if (foreign !== null) return foreign
  if (request.url !== enginePath || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    return { status: 404, reason: 'There is no such connection.' }
  }
  const [protocol, key = ''] = (request.headers['sec-websocket-protocol'] ?? '').split(/ *, */)
  const isOpen = protocol === engineProtocol && sessions.isOpen(request.headers, key)
  return isOpen ? null : { status: 401, reason: 'There is no session.' }
}

/** Where there is no response object to send a refusal with. */
function refuseSocket(
  socket: Duplex | Socket,
  { status, reason }: Refusal,
  host: string | undefined,
  port: number,
): void {
  if (!socket.writable) return void socket.destroy()
  socket.on('error', () => socket.destroy())
  const headers = {
    ...securityHeaders(isOwnHost(host, port) ? host : null),
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(reason) + 1,
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${reason}\n`)
}

/** Says goodbye, and does not wait long for an answer. */
async function closeClients(sockets: WebSocketServer, code: number, why: string): Promise<void> {
  const leaving = [...sockets.clients].map(
    client =>
      new Promise<void>(resolve => {
        client.once('close', () => resolve())
        client.close(code, why)
      }),
  )
  const late = setTimeout(() => {
    for (const client of sockets.clients) client.terminate()
  }, 1000)
  await Promise.all(leaving)
  clearTimeout(late)
}
