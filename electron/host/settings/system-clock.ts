import type { Clock } from '../../engine/ports/clock.ts'
import { pauseUntil } from '../../lib/throw-if-aborted.ts'

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
  random: () => Math.random(),
  sleep: pauseUntil,
}
