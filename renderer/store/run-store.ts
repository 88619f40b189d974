import { createStore, type StoreApi } from 'zustand/vanilla'
import type { EngineApi, EngineEvent } from '../../shared/api/engine-api.ts'
import type { RunView } from '../../shared/api/run-view.ts'
import type { LagSeries } from '../../shared/api/topology-view.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import { toLagSample } from '../../shared/log/to-lag-sample.ts'
import { foldRun } from '../../shared/run/fold-run.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'

/** One run as it is now: what was read, and every event since folded into it. No text of its log. */
export interface RunStoreState {
  /** Null until the engine has answered. */
  readonly view: RunView | null
  /** Why it could not be read the last time it was asked for. */
  readonly failure: Failure | null
  /** When something of it last came, as `Date.now()`. */
  readonly at: number | null
  readonly startedAt: number
}

export interface OpenRun {
  readonly store: StoreApi<RunStoreState>
  /** Reads it again, and follows it again where that had ended. */
  reload(): void
  close(): void
}

/** Calls back when the screen is drawn next; gives back how to call that off. */
export type Schedule = (work: () => void) => () => void

/** At most this many samples of a standby are kept: an hour, one a second. */
const mostSamples = 3_600

/** A window that draws nothing, because it is hidden, folds when this many events wait. */
const mostWaiting = 5_000

/**
 * Opens a run and keeps it up to date until it is closed: each event is folded once and in order, whatever is lost or repeated on the way.
 *
 * @example
 * const run = openRun(api, 'last')
 * run.store.subscribe(({ view }) => view && show(describeOutcome(view.state)))
 */
export function openRun(api: EngineApi, given: string, schedule: Schedule = onNextFrame): OpenRun {
  const store = createStore<RunStoreState>(() => ({
    view: null,
    failure: null,
    at: null,
    startedAt: Date.now(),
  }))
  let isClosed = false
  let isConnected = false
  let isAsking = false
  let isFollowing = false
  /** Grows with every engine and connection: what an earlier one answers means nothing. */
  let link = 0
  let waiting: RunEvent[] = []
  let cancelFrame: (() => void) | null = null
  let turn = 0

  const runIdOf = (): string | null => store.getState().view?.summary.runId ?? null

  const follow = async (): Promise<void> => {
    const { view } = store.getState()
    if (view === null || view.summary.isImported || isAsking) return
    isAsking = true
    const asked = link
    const { runId } = view.summary
    const reply = await api.request('run.follow', { runId, afterSeq: view.state.lastSeq })
    if (asked !== link) return
    isAsking = false
    isFollowing = reply.ok
    if (isClosed && reply.ok) void api.request('run.unfollow', { runId })
  }

  const read = async (): Promise<void> => {
    turn += 1
    const mine = turn
    store.setState({ startedAt: Date.now() })
    const reply = await api.request('run.read', { runId: runIdOf() ?? given })
    if (isClosed || mine !== turn) return
    if (!reply.ok) {
      store.setState({ failure: reply.failure })
      return
    }
    const before = store.getState().view
    // Events may have come further than this answer, which was on its way meanwhile.
    const isBehind = before !== null && before.state.lastSeq > reply.value.state.lastSeq
    const view = isBehind ? { ...reply.value, state: before.state, lag: before.lag } : reply.value
    store.setState({ view, failure: null, at: Date.now() })
    if (!isFollowing) await follow()
  }

  const foldWaiting = (): void => {
    cancelFrame = null
    const { view } = store.getState()
    const events = waiting
    waiting = []
    if (view === null) return
    let { state, lag } = view
    let hasGap = false
    for (const event of events) {
      if (event.seq <= state.lastSeq) continue
      if (event.seq !== state.lastSeq + 1) {
        hasGap = true
        continue
      }
      state = foldRun(state, event)
      if (event.type === 'lag.sampled') lag = addSample(lag, toLagSample(event))
    }
    if (state !== view.state) store.setState({ view: { ...view, state, lag }, at: Date.now() })
    if (hasGap) void follow()
  }

  const loseLink = (): void => {
    link += 1
    isFollowing = false
    isAsking = false
  }

  const receive = (event: EngineEvent): void => {
    switch (event.type) {
      case 'run.events':
        if (event.runId !== runIdOf()) return
        for (const one of event.events) waiting.push(one)
        cancelFrame ??= schedule(foldWaiting)
        if (waiting.length >= mostWaiting) {
          cancelFrame()
          foldWaiting()
        }
        return
      case 'runs.changed':
        void read()
        return
      case 'engine.ended':
        // What the old process was asked for, it took with it.
        loseLink()
        void read()
        return
      default:
        return
    }
  }

  const unsubscribe = api.subscribe(receive)
  const stopWatching = api.watchConnection(connection => {
    const wasConnected = isConnected
    isConnected = connection.state === 'connected'
    if (!isConnected) loseLink()
    else if (!wasConnected) void read()
  })

  return {
    store,
    reload: () => void read(),
    close() {
      isClosed = true
      cancelFrame?.()
      unsubscribe()
      stopWatching()
      const runId = runIdOf()
      if (runId !== null && isFollowing) void api.request('run.unfollow', { runId })
    },
  }
}

function addSample(lag: readonly LagSeries[], sample: ReturnType<typeof toLagSample>): readonly LagSeries[] {
  const index = lag.findIndex(series => series.server === sample.server)
  const series = lag[index]
  if (series === undefined) {
    return [...lag, { server: sample.server, cluster: sample.cluster, samples: [sample], maxBytes: null }]
  }
  return lag.with(index, { ...series, samples: [...series.samples.slice(1 - mostSamples), sample] })
}

/** A hidden window draws nothing, and still has to keep up. */
function onNextFrame(work: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(work, 250)
    return () => clearTimeout(timer)
  }
  const frame = requestAnimationFrame(work)
  return () => cancelAnimationFrame(frame)
}
