import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import { type GateName, gateNames } from '../../../shared/plan/verdict.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import { foldReader } from '../../app/run/finish-run.ts'
import { environmentOf } from '../../config/environment-of.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { listClusterNeeds } from '../../engine/gates/capacity/list-cluster-needs.ts'
import { openProject } from '../../host/project/open-project.ts'
import { runProject } from '../../host/run-project.ts'
import { createApprovals } from '../../host/stores/approval-channels.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { suggest } from '../arguments/suggest.ts'
import { undoingRun, watchInterruption } from '../arguments/watch-interruption.ts'
import { formatPlan } from '../format/format-plan.ts'
import { type ApprovalQuestion, choosePrompt, readConfirmation } from '../output/ask-approval.ts'
import { createEarlyEnd } from '../output/end-early.ts'
import { type OutputOptions, openReaders } from '../output/open-readers.ts'
import { addReportOption, askReports, type ReportOptions } from '../output/report-option.ts'

interface RunOptions extends OutputOptions, ReportOptions {
  readonly yes?: boolean
  readonly planId?: string
  readonly target?: readonly string[]
  readonly tenants?: readonly string[]
  readonly gates?: readonly string[]
  readonly wait?: number
  readonly confirm?: string
  readonly reason?: string
}

/** `lockstep run`: plan, gates, approval, vote, commit, replicas, smoke tests. */
export const runVerb: AddVerb = (program, setExitCode) => {
  addReportOption(program.command('run'))
    .summary('migrate every tenant, or none of a group')
    .description(
      'Plans, judges the gates, asks for approval, lets every tenant vote, commits, waits for the replicas and tests.',
    )
    .option('-y, --yes', 'approve whatever the plan is')
    .option('--plan-id <id>', 'approve only this plan, as shown by `lockstep plan`')
    .option('--confirm <environment>', 'the name of the environment, where it is production')
    .option('--reason <text>', 'with --confirm: why now; kept in the run log')
    .option('--target <revision...>', 'heads or revisions to reach (default: the head)')
    .option('--tenants <name...>', 'only these tenants; * and ? match')
    .option('--gates <gate...>', `only these gates (${gateNames.join(', ')})`)
    .option('--wait <seconds>', 'wait this long for a run that holds the lock', Number)
    .option('--json [kind]', 'one JSON document on stdout; --json=events for every event as a line')
    .option('-q, --quiet', 'nothing but errors on stderr')
    .option('--verbose', 'every event as a line')
    .addHelpText(
      'before',
      `Examples:
  lockstep run                          asks before anything changes
  lockstep run --yes --json             for a pipeline
  lockstep run --yes --report=junit --report=github   what CI shows of it
  lockstep run --plan-id 3f2a9c17       runs that plan or nothing
  lockstep run --yes --confirm=acme-prod --reason='release 41'   where it is production
  lockstep run --tenants 'acme*' --target 4f1c
`,
    )
    .action(async (options: RunOptions, command) => {
      const globals = readGlobals(command)
      const reports = await askReports(options)
      const loaded = await openProject(globals, new AbortController().signal)
      const execution = {
        ...loaded.config.execution,
        ...(options.wait === undefined ? {} : { lockWaitSeconds: options.wait }),
      }
      const project = { ...loaded, config: { ...loaded.config, execution } }
      const output = openReaders(options, globals)
      const leaver = createEarlyEnd(output)
      const folded = foldReader()
      const interruption = watchInterruption(output.say, { ...undoingRun, leave: leaver.end })
      try {
        const finished = await runProject(project, {
          target: options.target ?? [],
          tenants: options.tenants ?? [],
          gates: options.gates ? readGates(options.gates) : null,
          approvals: createApprovals({
            yes: options.yes ?? false,
            planId: options.planId ?? null,
            confirmation: readConfirmation(options),
            prompt: choosePrompt(askToApply(folded.state, execution), output, environmentOf(project.config)),
            plansFolder: project.plansFolder,
          }),
          readers: [folded.read, leaver.reader, ...output.readers],
          interruption,
        })
        await output.finish(finished, project.runsFolder)
        const { state, end } = finished
        const facts = { project, plan: state.plan, findings: state.foreseen?.findings ?? [], run: state }
        const isReported = await reports.write(facts)
        // A report that is missing is no reason to say that nothing was migrated.
        setExitCode(isReported ? end.exitCode : end.exitCode || 1)
      } finally {
        output.close()
        interruption.end()
      }
    })
}

/** Shows the plan with what was found in it and what the gates of this very run have said. */
function askToApply(
  readState: () => RunState,
  execution: ProjectConfig['execution'],
): ApprovalQuestion<Plan> {
  return {
    action: 'apply',
    show(plan) {
      const { gates, foreseen } = readState()
      const outlook = { gates, needs: listClusterNeeds(plan, execution) }
      return formatPlan(plan, foreseen?.findings ?? [], null, outlook)
    },
    ask(plan) {
      return `Migrate ${listMigrating(plan).length} tenants to ${plan.target.join(', ')}?`
    },
  }
}

function readGates(names: readonly string[]): readonly GateName[] {
  const asked = names.flatMap(name => name.split(','))
  const unknown = asked.find(name => !gateNames.some(gate => gate === name))
  if (unknown !== undefined) {
    throw new LockstepError({
      kind: 'usage',
      problem: `there is no gate "${unknown}"`,
      fix: suggest(unknown, gateNames),
    })
  }
  return gateNames.filter(gate => asked.includes(gate))
}
