import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openRun } from '../../../renderer/store/run-store.ts'
import type { ConnectionState, EngineApi, EngineEvent } from '../../../shared/api/engine-api.ts'
import type { RunView } from '../../../shared/api/run-view.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { readRecording } from '../../support/dashboard/read-recording.ts'
import { sampleRunView } from '../../support/dashboard/sample-views.ts'

const events = readRecording('0.1.0-crash-after-decision')
const runId = events[0]!.runId

/** What a network does to the events of a followed run. */
type Step =
  | { readonly kind: 'send'; readonly count: number }
  | { readonly kind: 'lose'; readonly count: number }
  | { readonly kind: 'repeat'; readonly count: number }
  | { readonly kind: 'draw' }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'engine_ended' }

/** An engine that holds a run's log, and whose events get lost and repeated as a test says. */
function createLossyEngine(log: readonly RunEvent[], isReadFresh = true) {
  const listeners = new Set<(event: EngineEvent) => void>()
  const watchers = new Set<(state: ConnectionState) => void>()
  const asked: { name: string; input: unknown }[] = []
  let written = 1
  let sent: number | null = null
  const frames: (() => void)[] = []
  const publish = (event: EngineEvent): void => {
    for (const listener of listeners) listener(event)
  }
  const viewNow = (): RunView => ({
    ...sampleRunView('0.1.0-crash-after-decision'),
    state: foldAll(log.slice(0, isReadFresh ? written : 1)),
  })
  const api = {
    async request(name: string, input: { afterSeq?: number }) {
      asked.push({ name, input })
      if (name === 'run.read') return { ok: true, value: viewNow() }
      if (name === 'run.follow') sent = input.afterSeq ?? 0
      if (name === 'run.unfollow') sent = null
      return { ok: true, value: {} }
    },
    subscribe(listener: (event: EngineEvent) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    watchConnection(listener: (state: ConnectionState) => void) {
      watchers.add(listener)
      listener({ state: 'connected' })
      return () => watchers.delete(listener)
    },
  } as unknown as EngineApi
  const tell = (state: ConnectionState): void => {
    for (const watcher of watchers) watcher(state)
  }
  const batch = (from: number, to: number): void =>
    publish({ type: 'run.events', runId, events: log.slice(from, to) })
  return {
    api,
    asked,
    tell,
    publish,
    listeners,
    watchers,
    schedule: (work: () => void) => {
      frames.push(work)
      return () => undefined
    },
    draw: () => {
      for (const work of frames.splice(0)) work()
    },
    frames,
    write: (count: number) => {
      written = Math.min(log.length, written + count)
    },
    sendRest: () => {
      if (sent === null || sent >= written) return
      batch(sent, written)
      sent = written
    },
    step(step: Step) {
      if (step.kind === 'draw') this.draw()
      else if (step.kind === 'reconnect') {
        sent = null
        tell({ state: 'lost', since: 0, retryAt: 0 })
        tell({ state: 'connected' })
      } else if (step.kind === 'engine_ended') {
        sent = null
        publish({ type: 'engine.ended', runId: null })
      } else {
        written = Math.min(log.length, written + step.count)
        if (sent === null) return
        const from = step.kind === 'repeat' ? Math.max(0, sent - step.count) : sent
        if (step.kind !== 'lose') batch(from, written)
        sent = written
      }
    },
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('lose' as const), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('repeat' as const), count: fc.integer({ min: 1, max: 20 }) }),
  fc.constant<Step>({ kind: 'draw' }),
  fc.constant<Step>({ kind: 'reconnect' }),
  fc.constant<Step>({ kind: 'engine_ended' }),
)

describe('the store of an opened run', () => {
  it('comes to the state of the whole log, whatever is lost, repeated or cut on the way', {
    timeout: 30_000,
  }, async () => {
    const whole = foldAll(events)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, isReadFresh) => {
        const engine = createLossyEngine(events, isReadFresh)
        const run = openRun(engine.api, 'last', engine.schedule)
        const seen: number[] = []
        run.store.subscribe(({ view }) => seen.push(view?.state.counters.events ?? 0))
        await settle()
        for (const one of steps) {
          engine.step(one)
          await settle()
        }
        // A transport never loses the last events silently: its connection breaks, and is made again.
        engine.write(events.length)
        engine.step({ kind: 'reconnect' })
        await settle()
        engine.sendRest()
        engine.draw()
        await settle()
        engine.sendRest()
        engine.draw()
        run.close()
        expect(run.store.getState().view?.state).toEqual(whole)
        expect(seen).toEqual(seen.toSorted((left, right) => left - right))
      }),
      { numRuns: 40 },
    )
  })

  it('asks again from the last event it has when one is missing', async () => {
    const engine = createLossyEngine(events)
    const run = openRun(engine.api, 'last', engine.schedule)
    await settle()
    engine.step({ kind: 'send', count: 9 })
    engine.step({ kind: 'lose', count: 3 })
    engine.step({ kind: 'send', count: 4 })
    engine.draw()
    await settle()
    expect(engine.asked.filter(one => one.name === 'run.follow').map(one => one.input)).toEqual([
      { runId: sampleRunView('0.1.0-crash-after-decision').summary.runId, afterSeq: 1 },
      { runId, afterSeq: 10 },
    ])
    expect(run.store.getState().view?.state.lastSeq).toBe(10)
    engine.sendRest()
    engine.draw()
    expect(run.store.getState().view?.state.lastSeq).toBe(17)
    run.close()
  })

  it('folds at most once for each frame', async () => {
    const engine = createLossyEngine(events)
    const run = openRun(engine.api, 'last', engine.schedule)
    await settle()
    let changes = 0
    run.store.subscribe(() => {
      changes += 1
    })
    for (let sent = 0; sent < 20; sent += 1) engine.step({ kind: 'send', count: 2 })
    expect(engine.frames).toHaveLength(1)
    expect(changes).toBe(0)
    engine.draw()
    expect(changes).toBe(1)
    run.close()
  })

  it('asks for what may be done whenever the runs have changed', async () => {
    const engine = createLossyEngine(events)
    const run = openRun(engine.api, 'last', engine.schedule)
    await settle()
    engine.publish({ type: 'runs.changed' })
    await settle()
    expect(engine.asked.map(one => one.name)).toEqual(['run.read', 'run.follow', 'run.read'])
    run.close()
  })

  it('lets go of the run when it is closed', async () => {
    const engine = createLossyEngine(events)
    const run = openRun(engine.api, 'last', engine.schedule)
    await settle()
    run.close()
    expect(engine.asked.at(-1)).toEqual({ name: 'run.unfollow', input: { runId } })
    expect(engine.listeners.size + engine.watchers.size).toBe(0)
  })

  it('does not follow a run that was opened from a file', async () => {
    const engine = createLossyEngine(events)
    const view = sampleRunView('0.1.0-migrated')
    const api: EngineApi = {
      ...engine.api,
      request: (async (name: string, input: unknown) => {
        engine.asked.push({ name, input })
        return { ok: true, value: { ...view, summary: { ...view.summary, isImported: true } } }
      }) as EngineApi['request'],
    }
    const run = openRun(api, 'last', engine.schedule)
    await settle()
    expect(engine.asked.map(one => one.name)).toEqual(['run.read'])
    run.close()
  })
})
