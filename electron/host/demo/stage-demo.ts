import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Outcome } from '../../../shared/run/outcome.ts'
import { writeNextRevision } from '../../adapters/embedded-postgres/write-demo-project.ts'
import { runProject } from '../run-project.ts'
import { PlanController } from '../service/controllers/plan-controller.ts'
import { placeDemo } from '../service/controllers/session-controller.ts'
import { loadProject, type Project } from '../settings/load-project.ts'
import { currentUser } from '../stores/approval-channels.ts'
import type { Demo } from './open-demo.ts'

/** A row that the constraint of revision 0004 refuses, and how it is repaired. */
const refusedRow = {
  tenant: 'dogwood',
  spoil: "update customers set country = 'nl' where id = 42",
  repair: 'update customers set country = upper(country) where country <> upper(country)',
} as const

/** Gives every screen of the dashboard something to show: a run that went well, one that was rolled back, and a plan that waits. */
export async function stageDemo(demo: Demo, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const project = placeDemo(loadProject(null, demo.folder))
  say('Run 1: every tenant to 0003')
  await runOnce(project, 'migrated', signal)
  await demo.runSql('elm', 'create index customers_created_at_idx on customers (created_at)')
  await writeNextRevision(demo.folder, demo.source)
  await demo.runSql(refusedRow.tenant, refusedRow.spoil)
  say(`Run 2: to 0004, where a row of ${refusedRow.tenant} breaks the new constraint`)
  await runOnce(project, 'rolled_back', signal)
  await demo.runSql(refusedRow.tenant, refusedRow.repair)
  say('The row is repaired; a plan to 0004 is rehearsed, and waits for approval')
  const plans = new PlanController({ announce: () => undefined, signal })
  const planId = await plans.make(project, { target: [], tenants: [] })
  await plans.rehearse(project, planId)
  await plans.check(project, planId)
}

async function runOnce(project: Project, expected: Outcome, signal: AbortSignal): Promise<void> {
  const by = currentUser()
  const { end } = await runProject(project, {
    target: [],
    tenants: [],
    gates: null,
    approvals: { ask: async () => ({ answer: 'approved', how: 'flag', by, confirmation: null }) },
    readers: [],
    interruption: { signal, name: () => (signal.aborted ? 'SIGTERM' : null) },
  })
  if (end.outcome === expected) return
  throw new LockstepError(
    end.failure ?? {
      kind: 'sandbox_failed',
      problem: `a run that shows ${expected} ended as ${end.outcome}`,
      fix: 'Open the sandbox again.',
    },
  )
}
