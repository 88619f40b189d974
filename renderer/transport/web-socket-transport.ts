import type {
  ConnectionState,
  EngineApi,
  EngineEvent,
  InputOf,
  OutputOf,
  Reply,
  RequestName,
} from '../../shared/api/engine-api.ts'
import type { ServerMessage } from '../../shared/api/messages.ts'
import { closeCodes, enginePath, engineProtocol } from '../../shared/api/web-session.ts'
import { createListeners } from './listeners.ts'
import { createPendingRequests, notConnected } from './pending-requests.ts'
import { exchangeToken, readSession, takeToken } from './sign-in.ts'
import type { WebPlace } from './web-place.ts'

const shortestWaitMs = 250
const longestWaitMs = 10_000

/**
 * The engine over a WebSocket of the loopback server.
 *
 * `connecting` until the first connection: requests wait for it. `connected`: they are sent. `lost`: they fail at once,
 * and the connection is tried again, ever more rarely. `closed`: only a new one-time address opens it again.
 */
export function createWebSocketTransport(place: WebPlace): EngineApi {
  const events = createListeners<EngineEvent>()
  const watchers = createListeners<ConnectionState>()
  const pending = createPendingRequests()
  let connection: ConnectionState = { state: 'connecting' }
  let socket: ReturnType<WebPlace['openSocket']> | null = null
  const enter = (state: ConnectionState): void => {
    connection = state
    watchers.tell(state)
  }

  async function keepConnected(token: string | null): Promise<void> {
    let unused = token
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (unused !== null) await exchangeToken(place, unused)
        unused = null
        // An address that was used before may still belong to the session it opened.
        const key = await readSession(place)
        if (key === null) return enter({ state: 'closed', reason: 'not_signed_in' })
        const { wasOpen, code } = await holdSocket(key)
        const reason = reasonOf(code)
        if (reason !== null) return enter({ state: 'closed', reason })
        if (wasOpen) attempt = 0
      } catch {
        // Nothing answers: the server may be gone, or this machine asleep.
      }
      const since = connection.state === 'lost' ? connection.since : place.now()
      const milliseconds = waitBefore(attempt, place.random())
      enter({ state: 'lost', since, retryAt: place.now() + milliseconds })
      await place.wait(milliseconds)
    }
  }

  /** Resolves when the socket has closed. */
  function holdSocket(key: string): Promise<{ readonly wasOpen: boolean; readonly code: number }> {
    return new Promise(resolve => {
      let wasOpen = false
      const opened = place.openSocket(`ws://${place.location.host}${enginePath}`, [engineProtocol, key], {
        open() {
          wasOpen = true
          socket = opened
          enter({ state: 'connected' })
        },
        message: take,
        close(code) {
          socket = null
          pending.loseAll()
          resolve({ wasOpen, code })
        },
      })
    })
  }

  function take(text: string): void {
    const message = JSON.parse(text) as ServerMessage
    if ('event' in message) events.tell(message.event)
    else pending.settle(message.id, message.reply)
  }

  function start(): void {
    const token = takeToken(place)
    enter({ state: 'connecting' })
    void keepConnected(token)
  }

  place.onAddressChange(() => {
    if (!place.location.hash.startsWith('#token=')) return
    if (connection.state === 'closed') start()
    else takeToken(place)
  })
  start()
  return {
    async request<Name extends RequestName>(
      name: Name,
      input: InputOf<Name>,
    ): Promise<Reply<OutputOf<Name>>> {
      if (connection.state === 'connecting') await untilSettled(watchers.add)
      if (socket === null) return notConnected(name)
      const { message, reply } = pending.add(name, input)
      socket.send(JSON.stringify(message))
      return (await reply) as Reply<OutputOf<Name>>
    },
    subscribe: events.add,
    watchConnection(listener) {
      listener(connection)
      return watchers.add(listener)
    },
  }
}

/** Resolves when the first attempt to connect has come to something. */
function untilSettled(watch: (listener: (state: ConnectionState) => void) => () => void): Promise<void> {
  return new Promise(resolve => {
    const stop = watch(({ state }) => {
      if (state === 'connecting') return
      stop()
      resolve()
    })
  })
}

function reasonOf(code: number): 'idle' | 'ended' | null {
  if (code === closeCodes.ended) return 'ended'
  return code === closeCodes.idle ? 'idle' : null
}

/** Doubles from a quarter of a second to ten; the jitter keeps several tabs from coming back at once. */
function waitBefore(attempt: number, random: number): number {
  const ceiling = Math.min(longestWaitMs, shortestWaitMs * 2 ** attempt)
  return Math.round(Math.max(shortestWaitMs, ceiling * (0.5 + random / 2)))
}
