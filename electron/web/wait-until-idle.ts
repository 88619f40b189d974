import type { Clock } from '../engine/ports/clock.ts'

/** When a dashboard without a connected page may end. */
export interface IdleRules {
  /** 0 never ends it. */
  readonly minutes: number
  readonly countClients: () => number
  /** Asked only when the time is up: a run goes on without a page. */
  readonly isAtWork: () => Promise<boolean>
  readonly clock: Clock
}

const lookEveryMs = 1000

/** Resolves when no page has been connected for so long, and no run is at work; never, once the signal has come. */
export async function waitUntilIdle(rules: IdleRules, signal: AbortSignal): Promise<void> {
  const { minutes, countClients, isAtWork, clock } = rules
  let lastUse = clock.monotonicMs()
  while (!signal.aborted && minutes > 0) {
    await clock.sleep(lookEveryMs, signal)
    const isOver = clock.monotonicMs() - lastUse >= minutes * 60_000
    if (countClients() > 0) lastUse = clock.monotonicMs()
    else if (isOver && !(await isAtWork())) return
  }
  await new Promise(() => undefined)
}
