import { choiceOf } from '../../../electron/host/project/choice-of.ts'
import { createService } from '../../../electron/host/service/create-service.ts'
import type { EngineService } from '../../../electron/host/service/interface/service.ts'
import type { ServiceOptions } from '../../../electron/host/service/interface/service-options.ts'
import type { EngineEvent, InputOf, OutputOf, RequestName } from '../../../shared/api/engine-api.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { waitUntil } from '../../support/wait-until.ts'

/** A client of a service that remembers what it heard. */
export interface TestClient {
  readonly events: EngineEvent[]
  /** The value of a reply; a refusal fails the test. */
  ask<Name extends RequestName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>
  /** The failure of a reply; an answer fails the test. */
  refusal<Name extends RequestName>(name: Name, input: InputOf<Name>): Promise<Failure>
  eventsOf(runId: string): readonly RunEvent[]
  /** Waits until the followed run has told its end. */
  untilFinished(runId: string): Promise<readonly RunEvent[]>
  close(): void
}

/** Connects a client that speaks the contract's types. */
export function connectClient(service: EngineService): TestClient {
  const events: EngineEvent[] = []
  const client = service.connect(event => void events.push(event))
  const eventsOf = (runId: string): readonly RunEvent[] =>
    events.flatMap(event => (event.type === 'run.events' && event.runId === runId ? event.events : []))
  return {
    events,
    async ask(name, input) {
      const reply = await client.request(name, input)
      if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.failure)}`)
      return reply.value as never
    },
    async refusal(name, input) {
      const reply = await client.request(name, input)
      if (reply.ok) throw new Error(`${name} was not refused`)
      return reply.failure
    },
    eventsOf,
    async untilFinished(runId) {
      await waitUntil(() => eventsOf(runId).at(-1)?.type === 'run.finished', `run ${runId} to end`, 60)
      return eventsOf(runId)
    },
    close: () => client.close(),
  }
}

/** A service in this process, for the project of a file, with a client. */
export function openService(
  file: string | null,
  stateFolder: string,
  options: Partial<ServiceOptions> = {},
): { readonly service: EngineService; readonly client: TestClient } {
  const service = createService({
    choice: file === null ? null : choiceOf(file),
    readOnly: false,
    demo: null,
    stateFolder,
    ...options,
  })
  return { service, client: connectClient(service) }
}

/** Settings under which the fixture's tenants pass every gate. */
export const passingSettings = {
  gates: { replica_lag: { requireStandbys: false } },
  waivers: [{ gate: 'tenant_isolation', reason: 'these tenants share their only login' }],
} as const
