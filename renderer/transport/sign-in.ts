import { sessionKeyHeader, sessionPath } from '../../shared/api/web-session.ts'
import type { WebPlace } from './web-place.ts'

const keyName = 'lockstep.session-key'

/** Takes a one-time token out of the address, at once, so that it is not kept or shared; what else the fragment said stays. */
export function takeToken(place: WebPlace): string | null {
  const { pathname, search, hash } = place.location
  if (!hash.startsWith('#token=')) return null
  const given = new URLSearchParams(hash.slice(1))
  const view = given.get('at')
  place.replaceAddress(`${pathname}${search}${view === null ? '' : `#${view}`}`)
  return given.get('token')
}

/** Exchanges a token for a session; false when it is used or wrong. Rejects when nothing answers. */
export async function exchangeToken(place: WebPlace, token: string): Promise<boolean> {
  const answer = await place.fetch(sessionPath, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  if (answer.status !== 200) return false
  const given: unknown = await answer.json()
  if (typeof given !== 'object' || given === null || !('key' in given)) return false
  place.storage.setItem(keyName, String(given.key))
  return true
}

/** The key of the session that this browser has, or null when it has none. Rejects when nothing answers. */
export async function readSession(place: WebPlace): Promise<string | null> {
  const key = place.storage.getItem(keyName)
  if (key === null) return null
  const answer = await place.fetch(sessionPath, { headers: { [sessionKeyHeader]: key } })
  if (answer.status === 401) return null
  if (answer.status !== 204) throw new Error(`answered with ${answer.status}`)
  return key
}
