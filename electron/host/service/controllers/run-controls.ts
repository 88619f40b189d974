import type { RunControlState } from '../../../../shared/api/session-view.ts'
import type { InterruptionSignal } from '../../../../shared/run/run-intent.ts'
import type { Interruption } from '../../../engine/context/interruption.ts'
import type { PauseRecorder, RunControl } from '../../../engine/context/run-control.ts'
import { withEither } from '../../../lib/with-deadline.ts'

/** What a person can do to one run at work: the engine's side waits at safe points, this side asks. */
export interface RunControls {
  /** The engine's side: it waits at safe points, and stops when the signal comes. */
  readonly interruption: Interruption
  state(): RunControlState
  pause(by: string): void
  resume(by: string): void
  /** Stops starting, cancels what runs, and lets the engine undo. */
  interrupt(name: InterruptionSignal): void
}

/** Makes the controls of one run; `onChange` hears of every other state. */
export function createRunControls(onChange: () => void): RunControls {
  const stop = new AbortController()
  let interruptedBy: InterruptionSignal | null = null
  let pause: Pause | null = null
  let waiting = 0
  const state = (): RunControlState => {
    if (interruptedBy !== null) return 'aborting'
    if (pause === null) return 'running'
    return waiting > 0 ? 'paused' : 'pausing'
  }
  const waitAt = async (
    current: Pause,
    before: string,
    record: PauseRecorder,
    signal: AbortSignal,
  ): Promise<void> => {
    waiting += 1
    try {
      // Every tenant that comes here waits; the person asked once.
      current.told ??= record.pausing(current.by)
      await current.told
      await record.paused(before)
      onChange()
      await untilEither(current.resumed, signal)
      if (!signal.aborted) current.goneOn ??= record.resumed(current.resumedBy)
      await current.goneOn
    } finally {
      waiting -= 1
    }
  }
  const control: RunControl = {
    async passSafePoint(before, record, signal) {
      await withEither([signal, stop.signal], async bounded => {
        while (pause !== null && !bounded.aborted) await waitAt(pause, before, record, bounded)
      })
    },
  }
  return {
    interruption: { signal: stop.signal, name: () => interruptedBy, control },
    state,
    pause(by) {
      if (pause !== null || interruptedBy !== null) return
      pause = openPause(by)
      onChange()
    },
    resume(by) {
      if (pause === null) return
      const ended = pause
      pause = null
      ended.resumedBy = by
      ended.resume()
      onChange()
    },
    interrupt(name) {
      if (interruptedBy !== null) return
      interruptedBy = name
      stop.abort()
      onChange()
    },
  }
}

interface Pause {
  readonly by: string
  readonly resumed: Promise<void>
  readonly resume: () => void
  resumedBy: string
  told: Promise<void> | null
  goneOn: Promise<void> | null
}

function openPause(by: string): Pause {
  let resume = (): void => undefined
  const resumed = new Promise<void>(resolve => {
    resume = resolve
  })
  return { by, resumed, resume, resumedBy: by, told: null, goneOn: null }
}

function untilEither(resumed: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const end = (): void => resolve()
    signal.addEventListener('abort', end, { once: true })
    void resumed.then(() => {
      signal.removeEventListener('abort', end)
      resolve()
    })
  })
}
