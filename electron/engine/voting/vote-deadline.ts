import type { StopSwitch } from '../context/stop-switch.ts'

/** How long tenants may stay prepared while others still vote. */
export interface VoteDeadline {
  /** Called when a tenant is asked to prepare; the first one starts the clock, because from then on readers of its tables wait. */
  begin(): void
  hasPassed(): boolean
  end(): void
}

/** Pulls the switch when the votes are not all in at the deadline. */
export function createVoteDeadline(seconds: number, stop: StopSwitch): VoteDeadline {
  let passed = false
  let timer: NodeJS.Timeout | null = null
  return {
    begin() {
      timer ??= setTimeout(() => {
        passed = true
        stop.pull()
      }, seconds * 1_000)
    },
    hasPassed: () => passed,
    end() {
      if (timer) clearTimeout(timer)
    },
  }
}
