import { WebSocket } from 'ws'
import type { WebPlace } from '../../renderer/transport/web-place.ts'
import { createWebSocketTransport } from '../../renderer/transport/web-socket-transport.ts'
import type { EngineApi } from '../../shared/api/engine-api.ts'
import { askServer } from './open-web.ts'

/** The page's own transport, with a cookie jar and real sockets around it instead of a browser. */
export interface NodeBrowser {
  readonly api: EngineApi
  /** Every WebSocket that it opened. */
  readonly sockets: readonly WebSocket[]
}

/** Opens a one-time address as a page would; it comes back at once when a connection is lost. */
export function openNodeBrowser(address: string): NodeBrowser {
  let cookie = ''
  const stored = new Map<string, string>()
  const sockets: WebSocket[] = []
  const { hash, host, origin, port } = new URL(address)
  const place: WebPlace = {
    location: { host, pathname: '/', search: '', hash },
    replaceAddress: () => undefined,
    onAddressChange: () => undefined,
    async fetch(path, init) {
      const headers = { ...(init.headers as Record<string, string>), cookie, origin }
      const body = typeof init.body === 'string' ? { body: init.body } : {}
      const answer = await askServer(Number(port), path, host, {
        method: init.method ?? 'GET',
        headers,
        ...body,
      })
      cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie
      return { status: answer.status, json: async () => JSON.parse(answer.body) }
    },
    openSocket(url, protocols, on) {
      const socket = new WebSocket(url, [...protocols], { headers: { cookie, origin } })
      sockets.push(socket)
      socket.on('open', () => on.open())
      socket.on('message', data => on.message(String(data)))
      socket.on('error', () => undefined)
      socket.on('close', code => on.close(code))
      return socket
    },
    storage: {
      getItem: name => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
    },
    now: () => Date.now(),
    random: () => Math.random(),
    wait: () => new Promise(resolve => setImmediate(resolve)),
  }
  return { api: createWebSocketTransport(place), sockets }
}
