import type { Reply } from '../../shared/api/engine-api.ts'
import type { ClientMessage } from '../../shared/api/messages.ts'

/** Requests that were sent and not answered yet. */
export interface PendingRequests {
  /** Makes the message of a request, and keeps who waits for its reply. */
  add(
    name: string,
    input: unknown,
  ): { readonly message: ClientMessage; readonly reply: Promise<Reply<unknown>> }
  settle(id: number, reply: Reply<unknown>): void
  /** It is not known whether what was sent arrived: it is not repeated. */
  loseAll(): void
}

/** Numbers requests and matches replies with them. */
export function createPendingRequests(): PendingRequests {
  const waiting = new Map<number, { readonly name: string; resolve(reply: Reply<unknown>): void }>()
  let last = 0
  return {
    add(name, input) {
      last += 1
      const id = last
      const reply = new Promise<Reply<unknown>>(resolve => waiting.set(id, { name, resolve }))
      return { message: { id, name, input }, reply }
    },
    settle(id, reply) {
      waiting.get(id)?.resolve(reply)
      waiting.delete(id)
    },
    loseAll() {
      for (const { name, resolve } of waiting.values()) resolve(notConnected(name))
      waiting.clear()
    },
  }
}

/** The reply to a request that could not be sent, or whose reply got lost. */
export function notConnected(name: string): Reply<never> {
  return { ok: false, failure: { kind: 'not_connected', during: name } }
}
