import { listRuns } from '../../app/history/list-runs.ts'
import { standardOutput } from '../../host/output/safe-output.ts'
import { findProjectName, openRunPlaces } from '../../host/stores/run-places.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { describeRun } from '../format/describe-run.ts'
import { formatTable } from '../format/format-table.ts'
import { printJson } from '../output/print-json.ts'

/** `lockstep runs`: the runs that are kept, newest first. */
export const runsVerb: AddVerb = program => {
  program
    .command('runs')
    .summary('list the runs that are kept, newest first')
    .option('--json', 'one JSON document on stdout')
    .option('-n, --limit <count>', 'how many', Number, 20)
    .addHelpText('before', 'Examples:\n  lockstep runs\n  lockstep runs -n 5 --json\n')
    .action(async (options: { readonly json?: boolean; readonly limit: number }, command) => {
      const globals = readGlobals(command)
      const project = findProjectName(globals)
      const all = await listRuns(openRunPlaces(globals))
      const runs = all.slice(0, options.limit).map(({ place, ...run }) => ({
        ...run,
        folder: place.folder,
        summary: describeRun(run, all, project),
      }))
      if (options.json) {
        printJson(runs)
        return
      }
      const rows = runs.map(run => [
        run.runId,
        run.startedAt ?? '-',
        run.project ?? '-',
        run.summary,
        run.exitCode === null ? '-' : String(run.exitCode),
      ])
      standardOutput.write(
        rows.length === 0
          ? 'no runs yet: lockstep demo makes one\n'
          : formatTable(['run', 'started', 'project', 'outcome', 'exit'], rows),
      )
    })
}
