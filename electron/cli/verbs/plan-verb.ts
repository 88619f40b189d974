import type { GateCheck } from '../../../shared/api/plan-view.ts'
import { describeVerdict } from '../../../shared/plan/verdict.ts'
import { exitCodeOf } from '../../../shared/run/outcome.ts'
import { describeCopy } from '../../app/describe-copy.ts'
import { type JudgedPlan, judgePlan } from '../../app/plan/judge-plan.ts'
import type { PreviewRequest } from '../../app/plan/preview-plan.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { RehearseWhen } from '../../engine/analysis/analyze-plan.ts'
import { outcomeOfInterruption } from '../../engine/context/decide-outcome.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import { openProject } from '../../host/project/open-project.ts'
import type { Project } from '../../host/settings/load-project.ts'
import { noApprovals, withEngine, withServers } from '../../host/wiring/with-engine.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { reachesSeverity, readFailOn } from '../arguments/read-fail-on.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { watchInterruption } from '../arguments/watch-interruption.ts'
import { formatPlan } from '../format/format-plan.ts'
import { printJson } from '../output/print-json.ts'
import { addReportOption, askReports, type ReportOptions } from '../output/report-option.ts'

interface PlanOptions extends ReportOptions {
  readonly target?: readonly string[]
  readonly tenants?: readonly string[]
  readonly rehearse?: boolean
  readonly json?: boolean
  readonly failOn?: string
  readonly detailedExitcode?: boolean
}

/** `lockstep plan`: what would run, for whom, in which order. */
export const planVerb: AddVerb = (program, setExitCode) => {
  addReportOption(program.command('plan'))
    .summary('show groups, statements, modes, the verdict of every gate, and the plan id')
    .option('--target <revision...>', 'heads or revisions to reach (default: the head)')
    .option('--tenants <name...>', 'only these tenants; * and ? match')
    .option(
      '--rehearse',
      'run it on a scratch copy now, also where that was done before (rehearsal.when asks for it once a plan, unless it is never)',
    )
    .option('--no-rehearse', 'make no copy; a rehearsal of this very plan is shown where there is one')
    .option('--json', 'the plan as one JSON document on stdout')
    .option('--detailed-exitcode', 'exit with 10 when there is something to migrate')
    .option(
      '--fail-on <severity>',
      'exit with 3 when something of this severity is found: error (also a gate that would stop a run), warning',
    )
    .addHelpText(
      'before',
      `Examples:
  lockstep plan
  lockstep plan --tenants 'acme*' --json
  lockstep plan --no-rehearse                                    without a copy: what would run, and the gates
  lockstep plan --fail-on=error --report=sarif --report=github   for a pull request
`,
    )
    .action(async (options: PlanOptions, command) => {
      const failOn = readFailOn(options.failOn)
      const reports = await askReports(options)
      const project = await openProject(readGlobals(command), new AbortController().signal)
      const asked = {
        target: options.target ?? [],
        tenants: options.tenants ?? [],
        rehearse: whenToRehearse(options.rehearse, project.config),
        onProgress: (line: string) => standardError.write(`rehearsal  ${line}\n`),
      }
      const judged = await judgeUntilStopped(project, asked, setExitCode)
      if (judged === null) return
      const { plan, analysis, gates, needs } = judged
      const { findings } = analysis
      const output = reports.takesOutput ? standardError : standardOutput
      if (options.json) printJson({ ...plan, findings, foresight: analysis, gates, needs })
      else output.write(formatPlan(plan, findings, analysis, judged))
      const isReported = await reports.write({ project, plan, findings, gates, run: null })
      if (!isReported) setExitCode(1)
      else if (reachesSeverity(findings, gates, failOn)) setExitCode(3)
      else if (options.detailedExitcode && plan.routes.length > 0) setExitCode(10)
    })
}

/** A plan is rehearsed when it is made, unless the configuration says never; an explicit request gets a new one. */
function whenToRehearse(asked: boolean | undefined, { rehearsal }: ProjectConfig): RehearseWhen {
  if (asked === undefined) return rehearsal.when === 'never' ? 'not_now' : 'unless_kept'
  return asked ? 'anew' : 'not_now'
}

/** Says which gates have answered, once the first seconds are over: a small fleet is judged before that. */
function tellAfter(milliseconds: number, tell: (line: string) => void): (check: GateCheck) => void {
  const from = performance.now() + milliseconds
  return ({ gate, answer }) => {
    if (performance.now() >= from) tell(`gate  ${gate}: ${describeVerdict(answer.verdict)}`)
  }
}

const progressAfterMs = 4_000

/** Null when it was stopped: its copy is dropped by then, and that is looked at. */
async function judgeUntilStopped(
  project: Project,
  asked: PreviewRequest,
  setExitCode: (code: number) => void,
): Promise<JudgedPlan | null> {
  const interruption = watchInterruption(say, {
    stopping: 'what is rehearsed is cancelled, and its copy dropped',
    waitingFor: 'dropping the copy',
    leave: otherwise => {
      say('left at once: a scratch copy may be left. Next: lockstep recover')
      return exitCodeOf(otherwise)
    },
  })
  try {
    const { signal } = interruption
    const onJudged = tellAfter(progressAfterMs, say)
    return await withEngine(project, noApprovals, ports => judgePlan(project, ports, asked, onJudged, signal))
  } catch (error) {
    const name = interruption.name()
    if (name === null) throw error
    say(await describeStop(project))
    setExitCode(exitCodeOf(outcomeOfInterruption(name)))
    return null
  } finally {
    interruption.end()
  }
}

/** Says what a rehearsal that was stopped has left, by looking at the servers once more. */
async function describeStop(project: Project): Promise<string> {
  const deadline = deadlineSignal(15_000)
  try {
    const left = await withServers(project, ports => ports.leftCopies.list(deadline))
    if (left.length === 0) return 'stopped: no copy is left'
    return `stopped: left are ${left.map(describeCopy).join('; ')}. Next: lockstep recover`
  } catch {
    return 'stopped: whether a copy is left could not be asked. Next: lockstep status'
  }
}

function say(line: string): void {
  standardError.write(`${line}\n`)
}
