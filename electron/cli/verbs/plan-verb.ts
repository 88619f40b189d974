import { openProject } from '../../host/open-project.ts'
import { previewPlan } from '../../host/preview-plan.ts'
import { noApprovals, withEngine } from '../../host/with-engine.ts'
import type { AddVerb } from '../add-verb.ts'
import { formatPlan } from '../format-plan.ts'
import { printJson } from '../print-json.ts'
import { readGlobals } from '../read-globals.ts'

interface PlanOptions {
  readonly target?: readonly string[]
  readonly tenants?: readonly string[]
  readonly json?: boolean
  readonly detailedExitcode?: boolean
}

/** `lockstep plan`: what would run, for whom, in which order. */
export const planVerb: AddVerb = (program, setExitCode) => {
  program
    .command('plan')
    .summary('show groups, waves, statements and modes, and the plan id')
    .option('--target <revision...>', 'heads or revisions to reach (default: the head)')
    .option('--tenants <name...>', 'only these tenants; * and ? match')
    .option('--json', 'the plan as one JSON document on stdout')
    .option('--detailed-exitcode', 'exit with 10 when there is something to migrate')
    .addHelpText('before', "Examples:\n  lockstep plan\n  lockstep plan --tenants 'acme*' --json\n")
    .action(async (options: PlanOptions, command) => {
      const project = await openProject(readGlobals(command), new AbortController().signal)
      const asked = { target: options.target ?? [], tenants: options.tenants ?? [] }
      const { plan } = await withEngine(project, noApprovals, ports =>
        previewPlan(project, ports, asked, new AbortController().signal),
      )
      if (options.json) printJson(plan)
      else process.stdout.write(formatPlan(plan))
      if (options.detailedExitcode && plan.routes.length > 0) setExitCode(10)
    })
}
