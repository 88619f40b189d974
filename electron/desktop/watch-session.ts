import type { EngineEvent } from '../../shared/api/engine-api.ts'
import type { ActiveRun, SessionView } from '../../shared/api/session-view.ts'
import { foldRun } from '../../shared/run/fold-run.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import type { RunState } from '../../shared/run/run-state.ts'
import { askService } from '../host/service/interface/ask-service.ts'
import type { EngineService, ServiceClient } from '../host/service/interface/service.ts'
import { type RunBadge, toRunBadge } from './run-badge.ts'

/** What the shell reacts to. */
export interface SessionListener {
  onSession(session: SessionView): void
  onRun(before: RunBadge | null, after: RunBadge): void
  /** The engine's process went away during this run. */
  onCutOff(runId: string): void
}

/** The shell's own connection with the engine: it knows what is at work, whatever the window shows. */
export class SessionWatch {
  readonly client: ServiceClient
  readonly #listener: SessionListener
  readonly #followed = new Map<string, RunState>()
  #session: SessionView | null = null

  constructor(service: EngineService, listener: SessionListener) {
    this.#listener = listener
    this.client = service.connect(event => this.#hear(event))
  }

  get session(): SessionView | null {
    return this.#session
  }

  /** The run that would be interrupted if the application ended now. */
  get ownRun(): ActiveRun | null {
    return this.#session?.activeRuns.find(run => run.isOurs) ?? null
  }

  /** How a run stands that is at work, or was; null when it was never seen. */
  badgeOf(runId: string): RunBadge | null {
    const state = this.#followed.get(runId)
    return state === undefined ? null : toRunBadge(runId, state)
  }

  /** Reads the session again. */
  async read(): Promise<void> {
    const reply = await askService(this.client, 'session.read', {})
    if (reply.ok) this.#take(reply.value)
  }

  close(): void {
    this.client.close()
  }

  #hear(event: EngineEvent): void {
    switch (event.type) {
      case 'session.changed':
        this.#take(event.session)
        return
      case 'runs.changed':
        void this.read()
        return
      case 'run.events':
        this.#fold(event.runId, event.events)
        return
      case 'engine.ended':
        this.#followed.clear()
        if (event.runId !== null) this.#listener.onCutOff(event.runId)
        void this.read()
        return
      case 'plan.changed':
      case 'topology.changed':
      case 'lag.sampled':
      case 'progress':
        return
    }
  }

  #take(session: SessionView): void {
    this.#session = session
    for (const { runId } of session.activeRuns) if (!this.#followed.has(runId)) void this.#follow(runId)
    this.#listener.onSession(session)
  }

  async #follow(runId: string): Promise<void> {
    const reply = await askService(this.client, 'run.read', { runId })
    // Two changes of the session may have asked at once.
    if (!reply.ok || this.#followed.has(runId)) return
    const { state } = reply.value
    this.#followed.set(runId, state)
    this.#listener.onRun(null, toRunBadge(runId, state))
    await askService(this.client, 'run.follow', { runId, afterSeq: state.lastSeq })
  }

  #fold(runId: string, events: readonly RunEvent[]): void {
    const before = this.#followed.get(runId)
    if (before === undefined) return
    const after = events.reduce(foldRun, before)
    this.#followed.set(runId, after)
    this.#listener.onRun(toRunBadge(runId, before), toRunBadge(runId, after))
    if (after.outcome !== null) void askService(this.client, 'run.unfollow', { runId })
  }
}
