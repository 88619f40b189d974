import type { Clock } from '../../electron/engine/ports/clock.ts'

/** A clock on which waiting takes no time: each sleep moves it on. */
export function makeFakeClock(): Clock & { readonly slept: readonly number[] } {
  const slept: number[] = []
  let now = 0
  return {
    slept,
    now: () => new Date(now).toISOString(),
    monotonicMs: () => now,
    random: () => 0.5,
    async sleep(milliseconds, signal) {
      // Lets other work go on, as a real wait would.
      await new Promise(resolve => setImmediate(resolve))
      if (signal.aborted) return
      slept.push(milliseconds)
      now += milliseconds
    },
  }
}
