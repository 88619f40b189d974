import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request is turned away: an HTTP status and a sentence. */
export interface Refusal {
  readonly status: number
  readonly reason: string
}

/**
 * Turns away what did not come from this server's own pages: a page of another site that asks the loopback address
 * (by its Origin), and a foreign name that was made to resolve to it (by its Host).
 */
export function refuseForeign(
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  port: number,
  isUpgrade: boolean,
): Refusal | null {
  const { host, origin } = request.headers
  if (!isOwnHost(host, port)) {
    return { status: 421, reason: 'This address is not served here: use the one that lockstep printed.' }
  }
  const mustName = isUpgrade || (request.method !== 'GET' && request.method !== 'HEAD')
  if (origin === undefined ? mustName : origin !== `http://${host}`) {
    return { status: 403, reason: 'Only the pages of this dashboard may ask for that.' }
  }
  return null
}

/** Says whether a Host header names this server on the loopback interface. */
export function isOwnHost(host: string | undefined, port: number): host is string {
  return host !== undefined && ['127.0.0.1', 'localhost', '[::1]'].some(name => host === `${name}:${port}`)
}

/** Compares two secrets in a time that does not tell how much of them is equal. */
export function isSameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
