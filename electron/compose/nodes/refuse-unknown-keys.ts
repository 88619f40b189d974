import { nearestKey } from '../../lib/nearest-key.ts'
import { composeInvalid } from './compose-invalid.ts'
import type { MapNode } from './compose-node.ts'

/** Refuses a key that Compose does not know at this place, and names the nearest one that it knows. */
export function refuseUnknownKeys(map: MapNode, what: string, known: readonly string[]): void {
  for (const [key, { at }] of map.entries) {
    if (known.includes(key) || key.startsWith('x-')) continue
    const nearest = nearestKey(key, known)
    const fix = nearest ? `did you mean \`${nearest}\`?` : 'remove it, or begin its name with `x-`'
    throw composeInvalid(at, `${what} has no key "${key}"`, fix)
  }
}
