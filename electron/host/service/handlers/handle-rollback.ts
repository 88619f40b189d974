import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'

/** Looking into how a run would be undone, and undoing it. */
export function handleRollback(context: ServiceContext): HandlersOf<'rollback'> {
  const { session, runs, rollbacks, listActive, fleet, history, announce } = context
  return {
    'rollback.propose': async asked => {
      // Also for a run of another process: its votes lock tables.
      if (runs.isBusy || (await listActive()).length > 0) {
        const reason = 'A run is at work: its votes lock tables, so no rollback can be proposed now.'
        throw new LockstepError({ kind: 'not_possible', action: 'propose a rollback', reason })
      }
      const project = await session.refresh()
      const newest = (await history.list())[0]?.runId ?? null
      const proposal = await rollbacks.propose(project, asked, newest)
      // What may be done with the run has changed, for every page that shows it.
      announce({ type: 'runs.changed' })
      return proposal
    },
    'rollback.start': async given => {
      const project = await session.refresh()
      const asked = { ...given, tenants: rollbacks.tenantsOf(given.rollbackId) }
      const started = await runs.rollBack(project, asked, async () => {
        rollbacks.forget()
        fleet.forget()
      })
      return { runId: started }
    },
  }
}
