import type { Command } from 'commander'
import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { GateCheck } from '../../../shared/api/plan-view.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import { environmentOf } from '../../config/environment-of.ts'
import { findRepositoryPaths } from '../../host/ci/find-repository-paths.ts'
import { prepareReports } from '../../host/ci/prepare-reports.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import type { Project } from '../../host/settings/load-project.ts'
import { toolVersion } from '../../host/settings/tool-version.ts'
import { type ReportRequest, reportKinds } from '../../reports/report-request.ts'
import { suggest } from '../arguments/suggest.ts'
import { formatFailure } from './print-failure.ts'

/** What a verb with `--report` was given. */
export interface ReportOptions {
  readonly report?: readonly string[]
  readonly json?: string | boolean
}

/** What a verb has to report about. */
export interface ReportedFacts {
  /** Null where a run is told that belongs to no project from here. */
  readonly project: Pick<Project, 'file' | 'folder' | 'config'> | null
  readonly plan: Plan | null
  readonly findings: readonly PlanFinding[]
  /** What the gates said of a plan that was only looked at. */
  readonly gates?: readonly GateCheck[]
  readonly run: RunState | null
}

/** Reports that were asked for, with their places looked at. */
export interface AskedReports {
  /** True when one of them is written to standard output, which then holds nothing else. */
  readonly takesOutput: boolean
  /** Writes them; false when one could not be written, which has then been said. */
  write(facts: ReportedFacts): Promise<boolean>
}

const withoutProject = { sources: '', config: 'lockstep.yml' }

/** Adds `--report` to a verb. */
export function addReportOption(command: Command): Command {
  return command.option(
    '--report <kind[:path]>',
    `for CI, may be repeated: ${reportKinds.join(', ')}; the path "-" is stdout`,
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  )
}

/** Reads and prepares the reports that were asked for; throws `usage` before anything has run. */
export async function askReports(options: ReportOptions): Promise<AskedReports> {
  const requests = readReportRequests(options)
  const reports = await prepareReports(requests, {
    folder: process.cwd(),
    env: process.env,
    writeOut: text => standardOutput.write(text),
    writeError: text => standardError.write(text),
  })
  return {
    takesOutput: requests.some(({ path }) => path === '-'),
    async write({ project, ...facts }) {
      const failures = await reports.write({
        ...facts,
        toolVersion,
        project: project?.config.project ?? facts.run?.project ?? null,
        environment: project === null ? null : environmentOf(project.config).name,
        paths: project === null ? withoutProject : findRepositoryPaths(project, process.env),
      })
      for (const failure of failures) standardError.write(formatFailure(failure))
      return failures.length === 0
    },
  }
}

/** What `--report` says, or a `usage` failure that names the nearest kind. */
export function readReportRequests({ report = [], json }: ReportOptions): readonly ReportRequest[] {
  const requests = report.map(readRequest)
  const onOutput = requests.filter(({ path }) => path === '-')
  if (onOutput.length > 1 || (onOutput.length === 1 && json !== undefined)) {
    throw usage(
      'standard output can hold one document only',
      'write the reports to files: --report=junit:junit.xml',
    )
  }
  const twice = requests.find((one, index) =>
    requests.slice(0, index).some(other => (one.path ?? one.kind) === (other.path ?? other.kind)),
  )
  if (twice) {
    throw usage(
      `two reports go to ${twice.path ?? `the place of ${twice.kind}`}`,
      'give each a file of its own',
    )
  }
  return requests
}

function readRequest(text: string): ReportRequest {
  const colon = text.indexOf(':')
  const name = colon === -1 ? text : text.slice(0, colon)
  const kind = reportKinds.find(known => known === name)
  if (!kind) throw usage(`there is no report "${name}"`, suggest(name, reportKinds))
  const path = colon === -1 ? null : text.slice(colon + 1)
  if (path === '')
    throw usage(`--report=${text} names no file`, `write --report=${kind} or --report=${kind}:FILE`)
  return { kind, path }
}

function usage(problem: string, fix: string): LockstepError {
  return new LockstepError({ kind: 'usage', problem, fix })
}
