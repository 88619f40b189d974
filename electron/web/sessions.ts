import { createHmac, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isSameSecret } from './check-request.ts'

/** Who may talk to the engine: browsers that exchanged a one-time token. */
export interface WebSessions {
  /** A token that opens one session; the one before it is worth nothing any more. */
  newToken(): string
  /** The new session's cookie and key, or null for a token that is wrong or used. */
  open(token: string): { readonly setCookie: string; readonly key: string } | null
  /** Says whether a session's cookie and its key came together. */
  isOpen(headers: IncomingHttpHeaders, key: string): boolean
}

/** Keeps the sessions of one server in memory: they end with it. */
export function createWebSessions(port: number): WebSessions {
  const secret = randomBytes(32)
  const cookieName = `lockstep_${port}`
  const cookies = new Set<string>()
  let token: string | null = null
  // The cookie's value is the session's secret, and its key is derived from it: neither gives the other.
  const keyOf = (cookie: string): string => createHmac('sha256', secret).update(cookie).digest('base64url')
  return {
    newToken() {
      token = randomBytes(32).toString('base64url')
      return token
    },
    open(given) {
      if (token === null || !isSameSecret(given, token)) return null
      token = null
      const cookie = randomBytes(32).toString('base64url')
      cookies.add(cookie)
      return { setCookie: `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict`, key: keyOf(cookie) }
    },
    isOpen(headers, key) {
      const cookie = readCookie(headers.cookie, cookieName)
      return cookie !== null && cookies.has(cookie) && isSameSecret(key, keyOf(cookie))
    },
  }
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value !== undefined) return value
  }
  return null
}
