import { foldAll } from '../../../shared/fold-run.ts'
import { findRun, runFolders } from '../../host/find-run.ts'
import { readKeptRun } from '../../host/read-kept-run.ts'
import { makeReport } from '../../host/write-report.ts'
import type { AddVerb } from '../add-verb.ts'
import { formatEnd } from '../open-readers.ts'
import { printJson } from '../print-json.ts'
import { readGlobals } from '../read-globals.ts'

/** `lockstep report`: how a run ended, made anew from its log. */
export const reportVerb: AddVerb = program => {
  program
    .command('report')
    .argument('[run]', 'run id, its beginning, or "last"', 'last')
    .summary('show how a run ended, made anew from its log')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('before', 'Examples:\n  lockstep report\n  lockstep report last --json | jq .summary\n')
    .action(async (given: string, options: { readonly json?: boolean }, command) => {
      const globals = readGlobals(command)
      const found = await findRun(given, runFolders(globals))
      const { events, problem } = await readKeptRun(found)
      if (problem !== null) process.stderr.write(`note: ${problem}\n`)
      const state = foldAll(events)
      if (options.json) printJson(await makeReport(found.folder, state))
      else process.stdout.write(formatEnd(state, globals))
    })
}
