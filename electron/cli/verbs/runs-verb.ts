import type { StoredRun } from '../../engine/ports/run-log.ts'
import { listRuns, runFolders } from '../../host/kept/find-run.ts'
import { standardOutput } from '../../host/output/safe-output.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { formatTable } from '../format/format-table.ts'
import { printJson } from '../output/print-json.ts'

/** How a run ended, and with which other run it belongs together. */
function describeRun({ runId, outcome, undoes }: StoredRun, all: readonly StoredRun[]): string | null {
  if (outcome === null) return null
  if (undoes !== undefined)
    return outcome === 'migrated' ? `rolled back ${undoes}` : `${outcome} (to roll back ${undoes})`
  const by = all.find(run => run.undoes === runId && run.outcome === 'migrated')
  return by ? `${outcome}, rolled back by ${by.runId}` : outcome
}

/** `lockstep runs`: the runs that are kept, newest first. */
export const runsVerb: AddVerb = program => {
  program
    .command('runs')
    .summary('list the runs that are kept, newest first')
    .option('--json', 'one JSON document on stdout')
    .option('-n, --limit <count>', 'how many', Number, 20)
    .addHelpText('before', 'Examples:\n  lockstep runs\n  lockstep runs -n 5 --json\n')
    .action(async (options: { readonly json?: boolean; readonly limit: number }, command) => {
      const runs = (await listRuns(runFolders(readGlobals(command)))).slice(0, options.limit)
      if (options.json) {
        printJson(runs)
        return
      }
      const rows = runs.map(run => [
        run.runId,
        run.startedAt ?? '-',
        run.project ?? '-',
        run.damage ?? describeRun(run, runs) ?? (run.alive ? 'running' : 'unfinished: lockstep recover'),
        run.exitCode === null ? '-' : String(run.exitCode),
      ])
      standardOutput.write(
        rows.length === 0
          ? 'no runs yet: lockstep demo makes one\n'
          : formatTable(['run', 'started', 'project', 'outcome', 'exit'], rows),
      )
    })
}
