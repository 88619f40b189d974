import { once } from 'node:events'
import { Socket } from 'node:net'
import { withDeadline } from '../../../lib/with-deadline.ts'
import type { DialStream } from './server-settings.ts'

const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/**
 * Whether PostgreSQL's protocol is spoken at the other end; null when it is, else why not.
 *
 * Docker's own proxy accepts connections for a server that does not listen: only an answer proves one.
 */
export async function probePostgres(
  dial: () => DialStream,
  address: { readonly host: string; readonly port: number },
  deadlineMs: number,
  signal: AbortSignal,
): Promise<string | null> {
  return withDeadline(signal, deadlineMs, stop => probeUntil(dial(), address, stop))
}

async function probeUntil(
  stream: DialStream,
  address: { readonly host: string; readonly port: number },
  stop: AbortSignal,
): Promise<string | null> {
  const end = () => stream.destroy(new Error('no answer in time'))
  stop.addEventListener('abort', end, { once: true })
  try {
    if (stop.aborted) return 'no answer in time'
    const closed = once(stream, 'close').then(() => {
      throw new Error('the connection was closed at once')
    })
    closed.catch(() => undefined)
    stream.connect(address.port, address.host)
    await Promise.race([once(stream, 'connect'), closed])
    stream.write(sslRequest)
    const [answer]: unknown[] = await Promise.race([once(stream, 'data'), closed])
    const first = Buffer.isBuffer(answer) ? String.fromCharCode(answer[0] ?? 0) : ''
    return first === 'S' || first === 'N' ? null : 'what answers is not PostgreSQL'
  } catch (error) {
    return describe(error)
  } finally {
    stop.removeEventListener('abort', end)
    stream.on('error', () => undefined)
    stream.destroy()
  }
}

/** A plain socket, for a server that needs no tunnel. */
export function dialSocket(): DialStream {
  return new Socket()
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  switch ('code' in error ? error.code : '') {
    case 'ECONNREFUSED':
      return 'connection refused'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'no route'
    case 'ETIMEDOUT':
      return 'no answer in time'
    default:
      return error.message.split('\n')[0] ?? 'no answer'
  }
}
