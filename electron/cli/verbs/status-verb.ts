import { type FleetStatus, readStatus } from '../../app/status/read-status.ts'
import { standardOutput } from '../../host/output/safe-output.ts'
import { openProject } from '../../host/project/open-project.ts'
import { withMigrations } from '../../host/wiring/with-engine.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { describeRun } from '../format/describe-run.ts'
import { formatStatus } from '../format/format-status.ts'
import { printJson } from '../output/print-json.ts'

/** `lockstep status`: the revision of every tenant, and whether an earlier run is in the way. */
export const statusVerb: AddVerb = (program, setExitCode) => {
  program
    .command('status')
    .summary('show the revision of every tenant, and what keeps a run from starting')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('before', 'Examples:\n  lockstep status\n  lockstep status --json | jq .tenants\n')
    .action(async (options: { readonly json?: boolean }, command) => {
      const project = await openProject(readGlobals(command), new AbortController().signal)
      const status = await withMigrations(project, ports =>
        readStatus(project.config, ports, new AbortController().signal),
      )
      if (options.json) printJson(summarize(status))
      else standardOutput.write(formatStatus(status))
      if (status.blocked) setExitCode(7)
    })
}

/** Runs with how they ended in words: that of a rollback is no migration. */
function summarize(status: FleetStatus): object {
  const { lastRuns, project } = status
  return {
    ...status,
    lastRuns: lastRuns.map(run => ({ ...run, summary: describeRun(run, lastRuns, project) })),
  }
}
