import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import {
  type DashboardOptions,
  type ServedDashboard,
  serveDashboard,
} from '../../electron/web/serve-dashboard.ts'
import { engineProtocol, sessionPath } from '../../shared/api/web-session.ts'
import { createFakeService, type FakeService } from './fake-service.ts'

/** What a server answered. */
export interface WebAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A browser's session. */
export interface WebSession {
  readonly cookie: string
  readonly key: string
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A dashboard on a real socket, over a service of the test. */
export interface OpenedWeb {
  readonly dashboard: ServedDashboard
  readonly service: FakeService
  readonly host: string
  readonly origin: string
  ask(path: string, options?: AskOptions): Promise<WebAnswer>
  /** Sends bytes as they are, and gives everything that comes back. */
  send(bytes: string): Promise<string>
  newToken(): string
  postToken(token: string): Promise<WebAnswer>
  signIn(): Promise<WebSession>
  /** Opens the engine's WebSocket; rejects with the status when it is refused. */
  connect(session: WebSession, headers?: Readonly<Record<string, string>>): Promise<WebSocket>
  close(): Promise<void>
}

/** Serves a small folder of files. The caller must close it. */
export async function openWeb(
  given: Partial<DashboardOptions> & { readonly service?: FakeService } = {},
): Promise<OpenedWeb> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-web-'))
  const files = join(folder, 'renderer')
  writeFiles(folder, files)
  const service = given.service ?? createFakeService()
  const dashboard = await serveDashboard({ files, port: 0, open: null, ...given, service })
  const host = `127.0.0.1:${dashboard.port}`
  const origin = `http://${host}`
  const ask: OpenedWeb['ask'] = (path, options = {}) => askServer(dashboard.port, path, host, options)
  const newToken = (): string => tokenOf(dashboard.newAddress())
  const postToken = (token: string): Promise<WebAnswer> =>
    ask(sessionPath, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
  return {
    dashboard,
    service,
    host,
    origin,
    ask,
    send: bytes => sendBytes(dashboard.port, bytes),
    newToken,
    postToken,
    signIn: () => signInAt(dashboard.newAddress()),
    connect: (session, headers = {}) =>
      openSocket(`ws://${host}/engine`, session, { host, origin, ...headers }),
    close: async () => {
      await dashboard.close('ended')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The token of a one-time address. */
export function tokenOf(address: string): string {
  return new URLSearchParams(new URL(address).hash.slice(1)).get('token') ?? ''
}

function writeFiles(folder: string, files: string): void {
  mkdirSync(join(files, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'secret.js'), 'secret')
  writeFileSync(join(files, 'index.html'), '<!doctype html><title>Lockstep</title>')
  writeFileSync(join(files, 'set-theme.js'), 'theme()')
  writeFileSync(join(files, 'notes.txt'), 'of a kind that is not served')
  writeFileSync(join(files, 'assets/index-Ab12_-cd.js'), 'main()')
}

/** Asks a server of this machine, with the headers that are given and no others. */
export function askServer(port: number, path: string, host: string, options: AskOptions): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: { host, ...options.headers },
      },
      response => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (text: string) => {
          body += text
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        )
        response.on('error', reject)
      },
    )
    asking.on('error', reject)
    asking.end(options.body)
  })
}

function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', text => {
      answer += text
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

/** Opens a WebSocket as a browser with this session would. */
export function openSocket(
  url: string,
  session: WebSession,
  headers: Readonly<Record<string, string>>,
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [engineProtocol, session.key].filter(Boolean), {
      headers: { cookie: session.cookie, ...headers },
    })
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      reject(new Error(`refused with ${response.statusCode}`))
    })
    socket.once('error', reject)
  })
}

/** Signs in at a one-time address; rejects with the status when it is refused. */
export async function signInAt(address: string): Promise<WebSession> {
  const { origin, host, port } = new URL(address)
  const answer = await askServer(Number(port), sessionPath, host, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token: tokenOf(address) }),
  })
  if (answer.status !== 200) throw new Error(`refused with ${answer.status}`)
  const { key } = JSON.parse(answer.body) as { key: string }
  return { cookie: answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '', key }
}
