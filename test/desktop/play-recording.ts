import type { EngineService } from '../../electron/host/service/interface/service.ts'
import type { EngineEvent, InputOf, Reply } from '../../shared/api/engine-api.ts'
import { defaultPreferences } from '../../shared/api/preferences.ts'
import type { RunControlState, SessionView } from '../../shared/api/session-view.ts'
import { foldAll } from '../../shared/run/fold-run.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { createSampleEngine, sampleRunView, sampleSession } from '../support/dashboard/sample-views.ts'

/** How long between two events of the recording. */
const beatMs = 10

/**
 * A service whose only run is a recording: `demo.open` begins it, it stops in the middle of its tenants until `run.resume`,
 * and then plays to its end. Everything else is answered by samples.
 */
export function playRecording(events: readonly RunEvent[]): EngineService {
  const runId = events[0]?.runId ?? ''
  const middle = events.findIndex(event => event.type === 'group.started') + 1
  const sample = createSampleEngine()
  const clients = new Map<object, { publish: (event: EngineEvent) => void; isFollowing: boolean }>()
  let shown = 0
  let control: RunControlState = 'running'
  let timer: NodeJS.Timeout | null = null
  let preferences = defaultPreferences

  const session = (): SessionView => ({
    ...sampleSession,
    activeRuns:
      shown === 0 || shown === events.length ? [] : [{ runId, startedAt: null, control, isOurs: true }],
  })
  const announce = (): void => {
    for (const { publish } of clients.values()) publish({ type: 'session.changed', session: session() })
  }
  const play = (until: number): void => {
    if (timer !== null) clearInterval(timer)
    timer = setInterval(() => {
      const event = events[shown]
      if (event === undefined || shown >= until) {
        if (timer !== null) clearInterval(timer)
        return
      }
      shown += 1
      for (const { publish, isFollowing } of clients.values())
        if (isFollowing) publish({ type: 'run.events', runId, events: [event] })
      if (shown === 1 || shown === events.length) announce()
    }, beatMs)
  }
  const answer = async (
    client: { publish: (event: EngineEvent) => void; isFollowing: boolean },
    name: string,
    input: unknown,
  ): Promise<Reply<unknown>> => {
    switch (name) {
      case 'session.read':
        return { ok: true, value: session() }
      case 'demo.open':
        play(middle)
        return { ok: true, value: session() }
      case 'run.read': {
        const state = foldAll(events.slice(0, shown))
        return { ok: true, value: { ...sampleRunView('0.1.0-migrated'), state, control } }
      }
      case 'run.follow': {
        const { afterSeq } = input as InputOf<'run.follow'>
        const missed = events.slice(afterSeq, shown)
        if (missed.length > 0) client.publish({ type: 'run.events', runId, events: missed })
        client.isFollowing = true
        return { ok: true, value: {} }
      }
      case 'preferences.read':
        return { ok: true, value: preferences }
      case 'preferences.write':
        preferences = (input as InputOf<'preferences.write'>).preferences
        return { ok: true, value: preferences }
      case 'run.import':
        return { ok: true, value: { runId } }
      case 'run.unfollow':
        client.isFollowing = false
        return { ok: true, value: {} }
      case 'run.pause':
        control = 'paused'
        announce()
        return { ok: true, value: session().activeRuns[0] }
      case 'run.resume':
        control = 'running'
        announce()
        play(events.length)
        return { ok: true, value: session().activeRuns[0] }
      default:
        return sample.request(name, input)
    }
  }
  return {
    connect(publish) {
      const client = { publish, isFollowing: false }
      clients.set(client, client)
      return {
        request: (name, input) => answer(client, name, input),
        close: () => void clients.delete(client),
      }
    },
    close: async () => {
      if (timer !== null) clearInterval(timer)
      return null
    },
  }
}
