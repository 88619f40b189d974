import { LockstepError } from '../../../shared/failure/failure.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { findRun } from '../../app/history/list-runs.ts'
import { environmentOf } from '../../config/environment-of.ts'
import { mayHaveCommitted } from '../../engine/open-runs/may-have-committed.ts'
import type { StoredRun } from '../../engine/ports/run-log.ts'
import { standardOutput } from '../../host/output/safe-output.ts'
import { openProject } from '../../host/project/open-project.ts'
import { proposeForProject, rollBackProject } from '../../host/roll-back-project.ts'
import { openRuns } from '../../host/stores/run-archive.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { undoingRun, watchInterruption } from '../arguments/watch-interruption.ts'
import { formatRollback } from '../format/format-rollback.ts'
import { type ApprovalQuestion, choosePrompt, readConfirmation } from '../output/ask-approval.ts'
import { createEarlyEnd } from '../output/end-early.ts'
import { type OutputOptions, openReaders } from '../output/open-readers.ts'

interface RollbackOptions extends OutputOptions {
  readonly yes?: boolean
  readonly rollbackId?: string
  readonly tenants?: readonly string[]
  readonly propose?: boolean
  readonly acceptLoss?: boolean
  readonly disconnect?: boolean
  readonly confirm?: string
  readonly reason?: string
}

/** `lockstep rollback`: undo a run that committed, in a run of its own. */
export const rollbackVerb: AddVerb = (program, setExitCode) => {
  program
    .command('rollback')
    .argument('<run>', 'run id, its beginning, or "last": the newest that committed')
    .summary('undo a run that committed: by its downgrade, or by the copies it took')
    .description(
      'Works out from evidence how each tenant would be rolled back and what that would lose, asks for approval, rolls back all tenants or none, and proves that each is as it was.',
    )
    .option('-y, --yes', 'approve whatever it is; losses have to be accepted all the same')
    .option('--rollback-id <id>', 'approve only this rollback, as shown by --propose')
    .option('--propose', 'only say what would happen, and change nothing')
    .option('--tenants <name...>', 'only these tenants; * and ? match')
    .option('--accept-loss', 'lose what the proposal names; needs --reason')
    .option('--disconnect', "end others' sessions where a copy takes the place of a database")
    .option('--confirm <environment>', 'the name of the environment, where it is production')
    .option('--reason <text>', 'with --accept-loss or --confirm: why; kept in the run log')
    .option('--json [kind]', 'one JSON document on stdout; --json=events for every event as a line')
    .option('-q, --quiet', 'nothing but errors on stderr')
    .option('--verbose', 'every event as a line')
    .addHelpText(
      'before',
      `Examples:
  lockstep rollback last --propose      how each tenant would be rolled back, and what that would lose
  lockstep rollback last                asks before anything changes
  lockstep rollback 01K2ZQ6J --rollback-id 3f2a9c17
  lockstep rollback last --yes --accept-loss --reason='two test orders'
`,
    )
    .action(async (given: string, options: RollbackOptions, command) => {
      const globals = readGlobals(command)
      const project = await openProject(globals, new AbortController().signal)
      const { runId } = await findRun(given, [openRuns(project.runsFolder)], hasCommitted)
      const tenants = options.tenants ?? []
      const acceptLoss = readAcceptance(options)
      const output = openReaders(options, globals)
      const leaver = createEarlyEnd(output)
      const interruption = watchInterruption(output.say, { ...undoingRun, leave: leaver.end })
      try {
        if (options.propose) {
          const asked = { runId, tenants }
          const proposal = await proposeForProject(project, asked, output.say, interruption.signal)
          if (options.json) output.printDocument({ schema_version: 1, ...proposal })
          else standardOutput.write(formatRollback(proposal))
          setExitCode(proposal.refusal === null ? 0 : 3)
          return
        }
        const finished = await rollBackProject(project, {
          runId,
          tenants,
          acceptLoss,
          disconnect: options.disconnect ?? false,
          approval: {
            yes: options.yes ?? false,
            rollbackId: options.rollbackId ?? null,
            confirmation: readConfirmation(options),
            prompt: choosePrompt(question, output, environmentOf(project.config)),
          },
          readers: [leaver.reader, ...output.readers],
          interruption,
        })
        await output.finish(finished, project.runsFolder)
        setExitCode(finished.end.exitCode)
      } finally {
        output.close()
        interruption.end()
      }
    })
}

/** What `last` means here: an attempt to roll back is no run to undo. */
function hasCommitted(run: StoredRun): boolean {
  return run.undoes === undefined && mayHaveCommitted(run)
}

function readAcceptance({ acceptLoss, reason = '' }: RollbackOptions): { readonly reason: string } | null {
  if (!acceptLoss) return null
  if (reason.trim().length >= 3) return { reason: reason.trim() }
  throw new LockstepError({
    kind: 'usage',
    problem: '--accept-loss says nothing without a reason',
    fix: "Say why: --accept-loss --reason='...'",
  })
}

const question: ApprovalQuestion<RollbackProposal> = {
  action: 'roll_back',
  show: formatRollback,
  ask: ({ tenants }) => `Take ${countOf(tenants.length, 'tenant')} back?`,
}
