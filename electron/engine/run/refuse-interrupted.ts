import type { RunContext } from '../context/run-context.ts'
import type { NothingMore, Step } from '../phases/phase.ts'

/** The last moment at which an interruption has nothing to undo. */
export const refuseInterrupted: Step<Pick<RunContext, 'signal'>, NothingMore> = {
  async work({ signal }) {
    if (!signal.aborted) return { kind: 'found', found: {} }
    const reason = 'interrupted before the first tenant'
    return { kind: 'failed', failure: { kind: 'cancelled', reason } }
  },
}
