import type { EngineEvent } from '../../../shared/api/engine-api.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { FakeAnswers, FakeEngine } from './fake-engine.ts'
import { logOf, sampleRunId, viewOf } from './sample-run.ts'
import { createSampleEngine } from './sample-views.ts'

/** An engine with one run, as far as its events have come. */
export function engineOf(read: () => readonly RunEvent[], answers: FakeAnswers = {}): FakeEngine {
  const log = logOf(read)
  const views = new Map<number, ReturnType<typeof viewOf>>()
  const viewNow = (): ReturnType<typeof viewOf> => {
    const events = read()
    const view = views.get(events.length) ?? viewOf(events)
    views.set(events.length, view)
    return view
  }
  return createSampleEngine({
    'run.read': { answer: () => ({ ok: true, value: viewNow() }) },
    'log.range': {
      answer: (input: Parameters<typeof log.range>[0]) => ({ ok: true, value: log.range(input) }),
    },
    'log.search': {
      answer: (input: Parameters<typeof log.search>[0]) => ({ ok: true, value: log.search(input) }),
    },
    'log.firstFailure': {
      answer: (input: Parameters<typeof log.firstFailure>[0]) => ({
        ok: true,
        value: log.firstFailure(input),
      }),
    },
    ...answers,
  })
}

/** A run that is written step by step, by an engine that sends what a client follows. */
export function liveRun(events: readonly RunEvent[], answers: FakeAnswers = {}) {
  let written = 10
  let sent: number | null = null
  const engine: FakeEngine = engineOf(() => events.slice(0, written), {
    'run.read': {
      answer: () => {
        const view = viewOf(events.slice(0, written))
        const possible = view.possible.map(one => ({ ...one, level: 2 as const, refusal: null }))
        return { ok: true, value: { ...view, possible } }
      },
    },
    'run.follow': {
      answer: (input: { afterSeq: number }) => {
        sent = input.afterSeq
        queueMicrotask(send)
        return { ok: true, value: {} }
      },
    },
    ...answers,
  })
  const publish = (from: number, to: number): void => {
    const event: EngineEvent = { type: 'run.events', runId: sampleRunId, events: events.slice(from, to) }
    if (to > from) engine.publish(event)
  }
  const send = (): void => {
    if (sent === null) return
    publish(sent, written)
    sent = written
  }
  return {
    engine,
    written: () => written,
    write(count: number) {
      written = Math.min(events.length, written + count)
      send()
    },
    /** The engine knows more than it has told. */
    writeSilently(count: number) {
      written = Math.min(events.length, written + count)
    },
    forget() {
      sent = null
    },
    repeat(count: number) {
      publish(Math.max(0, written - count), written)
    },
  }
}
