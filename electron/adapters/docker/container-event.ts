import { z } from 'zod'
import type { ContainerEvent } from '../../../shared/server/docker-container.ts'

const eventJson = z.object({
  Type: z.string().optional(),
  Action: z.string(),
  Actor: z.object({
    ID: z.string(),
    Attributes: z.record(z.string(), z.string()).catch({}),
  }),
})

/** One line of the daemon's events: null for one that says nothing about what is watched, `broken` for one that is no JSON. */
export function readContainerEvent(line: string): ContainerEvent | 'broken' | null {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return 'broken'
  }
  const parsed = eventJson.safeParse(json)
  if (!parsed.success || (parsed.data.Type ?? 'container') !== 'container') return null
  const { Action: word, Actor: actor } = parsed.data
  const action = readAction(word)
  if (action === null) return null
  const { Attributes: attributes } = actor
  return {
    containerId: actor.ID,
    service: attributes['com.docker.compose.service'] ?? attributes['io.podman.compose.service'] ?? null,
    action,
    health: action === 'health_changed' ? readHealth(word, attributes) : null,
  }
}

/** `kill` and `stop` are orders; only `die` says that it ended. Podman's words differ in places. */
function readAction(word: string): ContainerEvent['action'] | null {
  if (word.startsWith('health_status')) return 'health_changed'
  switch (word) {
    case 'create':
      return 'created'
    case 'start':
      return 'started'
    case 'die':
    case 'died':
      return 'stopped'
    case 'pause':
      return 'paused'
    case 'unpause':
      return 'resumed'
    case 'destroy':
    case 'remove':
      return 'removed'
    default:
      return null
  }
}

/** Docker writes it behind the word, Podman beside it. */
function readHealth(word: string, attributes: Readonly<Record<string, string>>): string | null {
  const behind = word.slice('health_status'.length).replace(/^:/, '').trim()
  return behind || attributes.health_status || attributes.containerHealthStatus || null
}
