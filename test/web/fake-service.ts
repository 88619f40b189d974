import type { EndedRun, EngineService } from '../../electron/host/service/interface/service.ts'
import type { EngineEvent, Reply } from '../../shared/api/engine-api.ts'
import type { InterruptionSignal } from '../../shared/run/run-intent.ts'

/** A service that remembers what it was asked, and answers what a test says. */
export interface FakeService extends EngineService {
  readonly requests: { readonly client: number; readonly name: string; readonly input: unknown }[]
  /** To every connected client. */
  publish(event: EngineEvent): void
  countClients(): number
  isClosed(): boolean
}

/** Makes one; without an answer of the test's own it gives the input back. */
export function createFakeService(
  answer: (name: string, input: unknown) => Reply<unknown> | Promise<Reply<unknown>> = (_name, input) => ({
    ok: true,
    value: input,
  }),
  endOf: (by: InterruptionSignal) => EndedRun | null = () => null,
): FakeService {
  const requests: FakeService['requests'] = []
  const clients = new Map<number, (event: EngineEvent) => void>()
  let connections = 0
  let closed = false
  return {
    requests,
    connect(publish) {
      connections += 1
      const client = connections
      clients.set(client, publish)
      return {
        request: async (name, input) => {
          requests.push({ client, name, input })
          return answer(name, input)
        },
        close: () => void clients.delete(client),
      }
    },
    close: async by => {
      closed = true
      return by === undefined ? null : endOf(by)
    },
    publish: event => {
      for (const publish of clients.values()) publish(event)
    },
    countClients: () => clients.size,
    isClosed: () => closed,
  }
}
