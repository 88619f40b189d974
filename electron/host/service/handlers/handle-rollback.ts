import type { HandlersOf, ServiceContext } from '../context/service-context.ts'
import { refuseWhileAtWork } from './refuse-while-at-work.ts'

/** Looking into how a run would be undone, and undoing it. */
export function handleRollback(context: ServiceContext): HandlersOf<'rollback'> {
  const { session, runs, rollbacks, fleet, history, announce } = context
  return {
    'rollback.propose': async asked => {
      await refuseWhileAtWork(context, 'propose a rollback', 'no rollback can be proposed now')
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
