import { LockstepError } from '../../../shared/failure/failure.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { findRun } from '../../app/history/list-runs.ts'
import { readRun } from '../../app/history/read-run.ts'
import { makeReport } from '../../app/report/make-report.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import { loadChosen } from '../../host/project/open-project.ts'
import type { Project } from '../../host/settings/load-project.ts'
import { openRunPlaces } from '../../host/stores/run-places.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { type GlobalOptions, readGlobals } from '../arguments/read-globals.ts'
import { formatEnd } from '../output/open-readers.ts'
import { printJson } from '../output/print-json.ts'
import { addReportOption, askReports, type ReportOptions } from '../output/report-option.ts'

/** The project that is at hand here; null for a run that has none, such as the demo's. */
function findProject(globals: GlobalOptions): Project | null {
  try {
    return loadChosen(globals)
  } catch (error) {
    if (error instanceof LockstepError) return null
    throw error
  }
}

/** `lockstep report`: how a run ended, rebuilt from its log. */
export const reportVerb: AddVerb = (program, setExitCode) => {
  addReportOption(program.command('report'))
    .argument('[run]', 'run id, its beginning, or "last"', 'last')
    .summary('show how a run ended, rebuilt from its log')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'before',
      `Examples:
  lockstep report
  lockstep report last --json | jq .summary
  lockstep report last --report=junit:junit.xml --report=github
`,
    )
    .action(async (given: string, options: ReportOptions, command) => {
      const globals = readGlobals(command)
      const reports = await askReports(options)
      const found = await findRun(given, openRunPlaces(globals))
      const { events, problem } = await readRun(found)
      if (problem !== null) standardError.write(`note: ${problem}\n`)
      const state = foldAll(events)
      if (options.json) printJson(await makeReport(found.place, state))
      else if (!reports.takesOutput) standardOutput.write(formatEnd(state, globals))
      const findings = state.foreseen?.findings ?? []
      const project = findProject(globals)
      if (!(await reports.write({ project, plan: state.plan, findings, run: state }))) setExitCode(1)
    })
}
