import { LockstepError } from '../../../shared/failure.ts'
import { foldAll } from '../../../shared/fold-run.ts'
import { makeReport } from '../../app/report/make-report.ts'
import { findRun, runFolders } from '../../host/find-run.ts'
import type { Project } from '../../host/load-project.ts'
import { loadChosen } from '../../host/open-project.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import { readKeptRun } from '../../host/read-kept-run.ts'
import { openRuns } from '../../host/run-archive.ts'
import type { AddVerb } from '../add-verb.ts'
import { formatEnd } from '../open-readers.ts'
import { printJson } from '../print-json.ts'
import { type GlobalOptions, readGlobals } from '../read-globals.ts'
import { addReportOption, askReports, type ReportOptions } from '../report-option.ts'

/** The project that is at hand here; null for a run that has none, such as the demo's. */
function findProject(globals: GlobalOptions): Project | null {
  try {
    return loadChosen(globals)
  } catch (error) {
    if (error instanceof LockstepError) return null
    throw error
  }
}

/** `lockstep report`: how a run ended, made anew from its log. */
export const reportVerb: AddVerb = (program, setExitCode) => {
  addReportOption(program.command('report'))
    .argument('[run]', 'run id, its beginning, or "last"', 'last')
    .summary('show how a run ended, made anew from its log')
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
      const found = await findRun(given, runFolders(globals))
      const { events, problem } = await readKeptRun(found)
      if (problem !== null) standardError.write(`note: ${problem}\n`)
      const state = foldAll(events)
      if (options.json) printJson(await makeReport(openRuns(found.folder), state))
      else if (!reports.takesOutput) standardOutput.write(formatEnd(state, globals))
      const findings = state.foreseen?.findings ?? []
      const project = findProject(globals)
      if (!(await reports.write({ project, plan: state.plan, findings, run: state }))) setExitCode(1)
    })
}
