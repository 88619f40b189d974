import { once } from 'node:events'
import { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { DialStream, ServerSettings } from './server-settings.ts'

const sslRequestCode = 80877103
const cancelRequestCode = 80877102

/**
 * Asks the server, on a connection of its own, to stop what a backend is running.
 *
 * The protocol's own request needs no login, so it also works when every connection slot is taken.
 * It has no answer: the cancelled statement fails with 57014, or ends by itself just before.
 */
export async function sendCancelRequest(
  settings: ServerSettings,
  key: { readonly processId: number; readonly secret: number },
  deadlineMs: number,
): Promise<void> {
  const socket = settings.dial?.() ?? new Socket()
  const timer = setTimeout(() => socket.destroy(new Error('timeout expired')), deadlineMs)
  try {
    socket.connect(settings.port, settings.host)
    await once(socket, 'connect')
    const stream = settings.tls === 'disable' ? socket : await startTls(socket, settings)
    stream.end(encodeInts(16, cancelRequestCode, key.processId, key.secret))
    stream.resume()
    // The server closes once it has signalled the backend.
    await once(stream, 'close')
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

async function startTls(socket: DialStream, settings: ServerSettings) {
  socket.write(encodeInts(8, sslRequestCode))
  await once(socket, 'data')
  const secure = connectTls({
    socket,
    host: settings.host,
    rejectUnauthorized: settings.tls === 'verify-full',
  })
  await once(secure, 'secureConnect')
  return secure
}

function encodeInts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => {
    bytes.writeInt32BE(value, index * 4)
  })
  return bytes
}
