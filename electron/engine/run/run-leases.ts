import type { RunContext } from '../context/run-context.ts'
import { withLagSamples } from '../context/sample-lag.ts'
import { withRunLocks } from '../context/with-run-locks.ts'
import type { Lease, NothingMore } from '../phases/phase.ts'

/** What is known while the locks are held. */
export interface HeldLocks {
  /** The primary whose lock is lost, or null. */
  readonly findLostLock: () => string | null
}

/** The run lock of every cluster: one run at a time. */
export const runLocks: Lease<RunContext, HeldLocks> = {
  lend: (run, rest) => {
    const { lockWaitSeconds } = run.config.execution
    return withRunLocks(run, lockWaitSeconds, findLostLock => rest({ findLostLock }), run.signal)
  },
}

/** How far each standby is behind goes on record while the tenants are worked on. */
export const lagSamples: Lease<RunContext, NothingMore> = {
  lend: (run, rest) => withLagSamples(run, () => rest({})),
}
