/** What the transport needs of a browser; tests give their own. */
export interface WebPlace {
  readonly location: Pick<Location, 'host' | 'pathname' | 'search' | 'hash'>
  /** Shows another address without loading it; listeners to the address are told. */
  replaceAddress(address: string): void
  /** Calls back when the fragment of the address was changed by hand. */
  onAddressChange(listener: () => void): void
  fetch(path: string, init: RequestInit): Promise<Pick<Response, 'status' | 'json'>>
  openSocket(address: string, protocols: readonly string[], on: SocketListeners): { send(text: string): void }
  /** Belongs to this port alone, and outlives a reload. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
  now(): number
  random(): number
  wait(milliseconds: number): Promise<void>
}

/** What a WebSocket tells; `close` comes once, also when it was never open. */
export interface SocketListeners {
  open(): void
  message(text: string): void
  close(code: number): void
}

/** The browser's own. */
export function browserPlace(window: Window): WebPlace {
  return {
    location: window.location,
    replaceAddress(address) {
      window.history.replaceState(null, '', address)
      // The browser reports no replaced address, and what was told before named the token.
      window.dispatchEvent(new HashChangeEvent('hashchange'))
    },
    onAddressChange: listener => window.addEventListener('hashchange', listener),
    fetch: (path, init) => window.fetch(path, init),
    openSocket,
    storage: openStorage(window),
    now: () => Date.now(),
    random: () => Math.random(),
    wait: milliseconds => new Promise(resolve => window.setTimeout(resolve, milliseconds)),
  }
}

function openSocket(address: string, protocols: readonly string[], on: SocketListeners): WebSocket {
  const socket = new WebSocket(address, [...protocols])
  socket.addEventListener('open', () => on.open())
  socket.addEventListener('message', ({ data }) => on.message(String(data)))
  socket.addEventListener('close', ({ code }) => on.close(code))
  return socket
}

/** A browser that keeps nothing throws; then a session lasts until the next reload. */
function openStorage(window: Window): WebPlace['storage'] {
  try {
    return window.localStorage
  } catch {
    const kept = new Map<string, string>()
    return {
      getItem: name => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
    }
  }
}
