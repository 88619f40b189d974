import { openProject } from '../../host/open-project.ts'
import { previewPlan } from '../../host/preview-plan.ts'
import { noApprovals, withEngine } from '../../host/with-engine.ts'
import type { AddVerb } from '../add-verb.ts'
import { formatPlan } from '../format-plan.ts'
import { printJson } from '../print-json.ts'
import { reachesSeverity, readFailOn } from '../read-fail-on.ts'
import { readGlobals } from '../read-globals.ts'
import { addReportOption, askReports, type ReportOptions } from '../report-option.ts'

interface PlanOptions extends ReportOptions {
  readonly target?: readonly string[]
  readonly tenants?: readonly string[]
  readonly json?: boolean
  readonly failOn?: string
  readonly detailedExitcode?: boolean
}

/** `lockstep plan`: what would run, for whom, in which order. */
export const planVerb: AddVerb = (program, setExitCode) => {
  addReportOption(program.command('plan'))
    .summary('show groups, waves, statements and modes, and the plan id')
    .option('--target <revision...>', 'heads or revisions to reach (default: the head)')
    .option('--tenants <name...>', 'only these tenants; * and ? match')
    .option('--json', 'the plan as one JSON document on stdout')
    .option('--detailed-exitcode', 'exit with 10 when there is something to migrate')
    .option('--fail-on <severity>', 'exit with 3 when something of this severity is found: error, warning')
    .addHelpText(
      'before',
      `Examples:
  lockstep plan
  lockstep plan --tenants 'acme*' --json
  lockstep plan --fail-on=error --report=sarif --report=github   for a pull request
`,
    )
    .action(async (options: PlanOptions, command) => {
      const failOn = readFailOn(options.failOn)
      const reports = await askReports(options)
      const project = await openProject(readGlobals(command), new AbortController().signal)
      const asked = { target: options.target ?? [], tenants: options.tenants ?? [] }
      const { plan, foresight } = await withEngine(project, noApprovals, ports =>
        previewPlan(project, ports, asked, new AbortController().signal),
      )
      const { findings } = foresight
      const output = reports.takesOutput ? process.stderr : process.stdout
      if (options.json) printJson({ ...plan, findings })
      else output.write(formatPlan(plan, findings))
      const isReported = await reports.write({ project, plan, findings, run: null })
      if (!isReported) setExitCode(1)
      else if (reachesSeverity(findings, failOn)) setExitCode(3)
      else if (options.detailedExitcode && plan.routes.length > 0) setExitCode(10)
    })
}
