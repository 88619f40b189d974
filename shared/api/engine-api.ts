import type { Failure } from '../failure/failure.ts'
import type { RunEvent } from '../run/run-event.ts'
import type { EngineRequests } from './requests.ts'
import type { SessionView } from './session-view.ts'
import type { LagSample } from './topology-view.ts'

/**
 * Everything that a dashboard can ask of the engine, by its name.
 *
 * @example
 * const reply = await api.request('plan.make', { target: [], tenants: ['acme*'] })
 * if (reply.ok) show(reply.value.plan)
 * else explain(describeFailure(reply.failure))
 */
export type RequestName = keyof EngineRequests
export type InputOf<Name extends RequestName> = EngineRequests[Name]['input']
export type OutputOf<Name extends RequestName> = EngineRequests[Name]['output']

/** Requests that change something; each has a guard in the engine. */
export type ChangingRequest = {
  [Name in RequestName]: EngineRequests[Name]['risk'] extends 'changes' ? Name : never
}[RequestName]

/** What the engine tells every client without being asked. */
export type EngineEvent =
  | { readonly type: 'session.changed'; readonly session: SessionView }
  /** Events of a followed run, in order, without gap or repetition. */
  | { readonly type: 'run.events'; readonly runId: string; readonly events: readonly RunEvent[] }
  /** A run began, ended, or was put into another control state. */
  | { readonly type: 'runs.changed' }
  | { readonly type: 'plan.changed'; readonly planId: string }
  | { readonly type: 'topology.changed' }
  | { readonly type: 'lag.sampled'; readonly samples: readonly LagSample[] }
  /** A step of something long, such as starting the sandbox or planning. */
  | {
      readonly type: 'progress'
      readonly task: 'demo' | 'plan' | 'check' | 'rehearse' | 'rollback'
      readonly line: string
    }
  /** The engine's process went away; `runId` is the run that it cut off. A new one has been started. */
  | { readonly type: 'engine.ended'; readonly runId: string | null }

/** An answer; errors lose their class on the way, so they travel as data. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }

/** The connection as a screen shows it. Times are `Date.now()`. */
export type ConnectionState =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  | { readonly state: 'lost'; readonly since: number; readonly retryAt: number }
  /** The session is over; only a new address opens another one. */
  | { readonly state: 'closed'; readonly reason: 'not_signed_in' | 'idle' | 'ended' }

/** The engine as the renderer knows it, whatever carries it. */
export interface EngineApi {
  request<Name extends RequestName>(name: Name, input: InputOf<Name>): Promise<Reply<OutputOf<Name>>>
  subscribe(listener: (event: EngineEvent) => void): () => void
  watchConnection(listener: (state: ConnectionState) => void): () => void
}
