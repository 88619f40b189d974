import type { SocketListeners, WebPlace } from '../../../renderer/transport/web-place.ts'

/** A browser whose server is the test. */
export interface FakePlace extends WebPlace {
  readonly location: { host: string; pathname: string; search: string; hash: string }
  readonly asked: { readonly path: string; readonly init: RequestInit }[]
  readonly sockets: FakeSocket[]
  /** How long it was waited, each time. */
  readonly waits: number[]
  readonly stored: Map<string, string>
  /** What the server says to a token, and to a key; 0: nothing answers. */
  server: { post: number; get: number }
  /** Ends the wait that is going on. */
  goOn(): void
  changeAddress(hash: string): void
}

export interface FakeSocket {
  readonly address: string
  readonly protocols: readonly string[]
  readonly sent: string[]
  readonly on: SocketListeners
}

/** Makes a browser at an address. */
export function createFakePlace(hash: string, random = 1): FakePlace {
  const asked: FakePlace['asked'] = []
  const sockets: FakeSocket[] = []
  const waits: number[] = []
  const stored = new Map<string, string>()
  let goOn = (): void => undefined
  let tellAddress = (): void => undefined
  const place: FakePlace = {
    location: { host: '127.0.0.1:4711', pathname: '/', search: '', hash },
    asked,
    sockets,
    waits,
    stored,
    server: { post: 200, get: 204 },
    goOn: () => goOn(),
    changeAddress(next) {
      place.location.hash = next
      tellAddress()
    },
    replaceAddress(address) {
      place.location.hash = address.includes('#') ? address.slice(address.indexOf('#')) : ''
    },
    onAddressChange: listener => {
      tellAddress = listener
    },
    async fetch(path, init) {
      asked.push({ path, init })
      const status = init.method === 'POST' ? place.server.post : place.server.get
      if (status === 0) throw new TypeError('Failed to fetch')
      return { status, json: async () => ({ key: 'key-1' }) }
    },
    openSocket(address, protocols, on) {
      const sent: string[] = []
      sockets.push({ address, protocols, sent, on })
      return { send: text => void sent.push(text) }
    },
    storage: {
      getItem: name => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
    },
    now: () => 1_000_000,
    random: () => random,
    wait(milliseconds) {
      waits.push(milliseconds)
      return new Promise(resolve => {
        goOn = resolve
      })
    },
  }
  return place
}
