import { foldAll } from '../../shared/fold-run.ts'
import type { Confirmation } from '../../shared/friction.ts'
import type { RollbackProposal } from '../../shared/rollback.ts'
import { newRunId } from '../adapters/run-log/new-run-id.ts'
import { discoverTopology } from '../engine/discover-topology.ts'
import type { Interruption } from '../engine/interruption.ts'
import { refuseOpenVotes } from '../engine/list-open-votes.ts'
import type { Approvals } from '../engine/ports/approvals.ts'
import type { RunReader } from '../engine/recorder.ts'
import { proposeRollback } from '../engine/rollback/propose-rollback.ts'
import { runRollback } from '../engine/rollback/run-rollback.ts'
import { currentUser } from './approval-channels.ts'
import { findKeptRollback, keepRollback } from './kept-rollbacks.ts'
import type { Project } from './load-project.ts'
import { type FinishedRun, finishRun, foldReader } from './run-project.ts'
import { toolVersion } from './tool-version.ts'
import { noApprovals, withEngine } from './with-engine.ts'
import { writeReport } from './write-report.ts'

export interface RollBackOptions {
  readonly runId: string
  readonly tenants: readonly string[]
  readonly acceptLoss: { readonly reason: string } | null
  readonly disconnect: boolean
  readonly approval: RollbackApprovalOptions
  readonly readers: readonly RunReader[]
  readonly interruption: Interruption
}

/** How approval is to be had; `prompt` is given by whoever can show a proposal to a person. */
export interface RollbackApprovalOptions {
  /** Approve whatever it is. */
  readonly yes: boolean
  /** Approve only the rollback with this id, or its unambiguous beginning. */
  readonly rollbackId: string | null
  readonly confirmation: Confirmation | null
  readonly prompt: ((proposal: RollbackProposal, signal: AbortSignal) => Promise<Confirmation | null>) | null
  readonly by?: string
}

/** Undoes a run of a project, and leaves its log and report; the report of the run that is undone names it. */
export function rollBackProject(project: Project, options: RollBackOptions): Promise<FinishedRun> {
  const { config, plansFolder, runsFolder } = project
  const { runId, tenants, acceptLoss, disconnect, approval } = options
  const approved = approval.rollbackId === null ? null : findKeptRollback(plansFolder, approval.rollbackId)
  return withEngine(project, createApprovals(project, approval, approved), async ports => {
    const log = await ports.store.create(newRunId())
    const folded = foldReader()
    const end = await runRollback(
      { config, toolVersion, runId, tenants, acceptLoss, disconnect, approved },
      ports,
      log,
      [folded.read, ...options.readers],
      options.interruption,
    )
    await log.close()
    const finished = await finishRun(project, ports, end, folded.state())
    if (end.outcome === 'migrated') {
      // Its log is the truth: a report that cannot be written now can be made from it at any time.
      const events = await ports.store.read(runId)
      await writeReport(runsFolder, ports.store, foldAll(events)).catch(() => undefined)
    }
    return finished
  })
}

/** Says what undoing a run would do, and keeps it, so that it can be approved by its id. */
export function proposeForProject(
  project: Project,
  asked: { readonly runId: string; readonly tenants: readonly string[] },
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<RollbackProposal> {
  const { config } = project
  return withEngine(project, noApprovals, async ports => {
    const topology = await discoverTopology(config, ports, async () => undefined, signal)
    // Prepared tables are locked: losses could not be counted.
    await refuseOpenVotes(ports.prepared, topology, signal)
    const { proposal } = await proposeRollback({ config, ...asked, topology, onProgress }, ports, signal)
    keepRollback(project.plansFolder, proposal)
    return proposal
  })
}

function createApprovals(
  { plansFolder }: Project,
  { yes, rollbackId, confirmation, prompt, by = currentUser() }: RollbackApprovalOptions,
  approved: RollbackProposal | null,
): Approvals {
  return {
    async ask(plan, signal, proposal) {
      if (proposal) keepRollback(plansFolder, proposal)
      if (rollbackId !== null) {
        const isThis = rollbackId.length >= 8 && plan.planId.startsWith(rollbackId)
        const planId = isThis ? plan.planId : (approved?.rollbackId ?? rollbackId)
        return { answer: 'approved_plan', planId, plan: null, by, confirmation }
      }
      if (yes) return { answer: 'approved', how: 'flag', by, confirmation }
      if (!prompt || !proposal) return { answer: 'nobody_there' }
      const said = await prompt(proposal, signal)
      if (!said) return { answer: 'refused', by }
      return { answer: 'approved', how: 'prompt', by, confirmation: confirmation ?? said }
    },
  }
}
