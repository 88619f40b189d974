import type { RawData, WebSocket } from 'ws'
import type { EngineEvent, Reply } from '../../shared/api/engine-api.ts'
import type { ClientMessage, ServerMessage } from '../../shared/api/messages.ts'
import { toFailure } from '../../shared/failure/failure.ts'
import type { EngineService } from '../host/service/interface/service.ts'

/** The longest message at all: the log of a run from elsewhere. */
export const longestImport = 64 * 1024 * 1024
const longestMessage = 1024 * 1024
/** Events that wait for a slow client; beyond it the client is let go, and resumes by sequence number. */
const mostWaitingBytes = 8 * 1024 * 1024

const policyViolation = 1008
const tooLong = 1009

/** Connects one WebSocket with the engine until either side closes. `pingEveryMs`: a client that misses a pong is gone. */
export function connectClient(socket: WebSocket, service: EngineService, pingEveryMs: number): void {
  const waiting = { bytes: 0 }
  const client = service.connect(event => sendEvent(socket, event, waiting))
  let isAlive = true
  const pinging = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, pingEveryMs)
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? null : readMessage(data)
    if (message === null) return socket.close(policyViolation, 'not a message of this protocol')
    if (byteLength(data) > longestMessage && message.name !== 'run.import') {
      return socket.close(tooLong, 'the message is too long')
    }
    void client
      .request(message.name, message.input)
      .catch((error: unknown): Reply<unknown> => ({ ok: false, failure: toFailure(error) }))
      .then(reply => send(socket, { id: message.id, reply }))
  })
  // What is wrong with a connection ends it, and `close` follows.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearInterval(pinging)
    client.close()
  })
}

/** Replies are as large as they were asked for; only events can pile up behind a client that does not read. */
function sendEvent(socket: WebSocket, event: EngineEvent, waiting: { bytes: number }): void {
  if (socket.readyState !== socket.OPEN) return
  const text = toText({ event })
  const bytes = Buffer.byteLength(text)
  waiting.bytes += bytes
  if (waiting.bytes > mostWaitingBytes) socket.terminate()
  else
    socket.send(text, () => {
      waiting.bytes -= bytes
    })
}

function send(socket: WebSocket, message: ServerMessage): void {
  if (socket.readyState === socket.OPEN) socket.send(toText(message))
}

function toText(message: ServerMessage): string {
  return JSON.stringify(message)
}

function byteLength(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength
}

/** A message of the protocol, or null. What it asks for is judged by the service. */
function readMessage(data: RawData): ClientMessage | null {
  let given: unknown
  try {
    given = JSON.parse(data.toString())
  } catch {
    return null
  }
  if (typeof given !== 'object' || given === null) return null
  if (!('id' in given) || !('name' in given) || !('input' in given)) return null
  const { id, name, input } = given
  return Number.isSafeInteger(id) && typeof id === 'number' && typeof name === 'string'
    ? { id, name, input }
    : null
}
