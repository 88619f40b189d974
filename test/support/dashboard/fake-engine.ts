import type { EngineEvent, OutputOf, Reply, RequestName } from '../../../shared/api/engine-api.ts'
import type { Failure } from '../../../shared/failure/failure.ts'

/** What a fake engine answers to one request: a value, a failure, a function of the input, or nothing at all. */
export type FakeAnswer<Name extends RequestName> =
  | { readonly value: OutputOf<Name> }
  | { readonly failure: Failure }
  | { readonly answer: (input: never) => Reply<OutputOf<Name>> | Promise<Reply<OutputOf<Name>>> }
  | 'never'

export type FakeAnswers = { readonly [Name in RequestName]?: FakeAnswer<Name> }

/** An engine at our own port: it answers what a test says, and records what it was asked. */
export interface FakeEngine {
  answers: FakeAnswers
  readonly asked: { readonly name: string; readonly input: unknown }[]
  request(name: string, input: unknown): Promise<Reply<unknown>>
  /** Tells every listener. */
  publish(event: EngineEvent): void
  subscribe(listener: (event: EngineEvent) => void): () => void
  asksFor(name: RequestName): readonly unknown[]
}

/** Makes a fake engine; requests without an answer are refused as not possible. */
export function createFakeEngine(answers: FakeAnswers): FakeEngine {
  const listeners = new Set<(event: EngineEvent) => void>()
  const engine: FakeEngine = {
    answers,
    asked: [],
    async request(name, input) {
      engine.asked.push({ name, input })
      const answer = (engine.answers as Readonly<Record<string, FakeAnswer<RequestName> | undefined>>)[name]
      if (answer === undefined)
        return {
          ok: false,
          failure: { kind: 'not_possible', action: name, reason: 'the test gives no answer' },
        }
      if (answer === 'never') return new Promise(() => undefined)
      if ('value' in answer) return { ok: true, value: answer.value }
      if ('failure' in answer) return { ok: false, failure: answer.failure }
      return answer.answer(input as never)
    },
    publish(event) {
      for (const listener of listeners) listener(event)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    asksFor: name => engine.asked.filter(one => one.name === name).map(one => one.input),
  }
  return engine
}
