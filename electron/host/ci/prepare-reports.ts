import { constants } from 'node:fs'
import { access, appendFile, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { codeOf } from '../../adapters/run-log/error-code.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'
import type { CiSubject } from '../../reports/ci-subject.ts'
import { buildAnnotations } from '../../reports/github-annotations.ts'
import { buildSummary, githubSummaryLimit } from '../../reports/github-summary.ts'
import { writeCodeQuality } from '../../reports/gitlab-code-quality.ts'
import { buildJunit } from '../../reports/junit.ts'
import { defaultReportPaths, type ReportKind, type ReportRequest } from '../../reports/report-request.ts'
import { writeSarif } from '../../reports/sarif.ts'

/** Where reports may write. */
export interface ReportEnvironment {
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly writeOut: (text: string) => void
  readonly writeError: (text: string) => void
}

/** Reports whose places were looked at before anything ran. */
export interface PreparedReports {
  /** Writes every one; answers what could not be written, and throws nothing. */
  write(subject: CiSubject): Promise<readonly Failure[]>
}

/** Looks at the place of every report, so that a wrong path is known before something runs. */
export async function prepareReports(
  requests: readonly ReportRequest[],
  environment: ReportEnvironment,
): Promise<PreparedReports> {
  const { writeOut, writeError } = environment
  const placed = requests.map(({ kind, path }) => ({ kind, place: placeOf(kind, path, environment) }))
  for (const { kind, place } of placed) {
    if (place.to === 'file') await refuseUnwritable(kind, place.file)
  }
  if (placed.some(({ place }) => place.to === 'nowhere')) {
    writeError(
      'note: GITHUB_STEP_SUMMARY is not set, so there is no summary: --report=github:FILE writes one\n',
    )
  }
  const write = async (kind: ReportKind, place: Place, subject: CiSubject): Promise<void> => {
    if (kind === 'github') {
      for (const line of buildAnnotations(subject)) writeError(`${line}\n`)
    }
    if (place.to === 'nowhere') return
    if (place.to === 'summary') {
      const left = githubSummaryLimit - (await sizeOf(place.file))
      await appendFile(place.file, buildSummary(subject, left))
      return
    }
    const text = writeText(kind, subject)
    if (place.to === 'stdout') writeOut(text)
    else await writeAtomically(place.file, text)
  }
  return {
    async write(subject) {
      const failures: Failure[] = []
      for (const { kind, place } of placed) {
        try {
          await write(kind, place, subject)
        } catch (error) {
          const file = 'file' in place ? place.file : '-'
          failures.push({ kind: 'report_unwritable', report: kind, file, code: codeOf(error) })
        }
      }
      return failures
    },
  }
}

type Place =
  | { readonly to: 'stdout' }
  | { readonly to: 'file'; readonly file: string }
  | { readonly to: 'summary'; readonly file: string }
  | { readonly to: 'nowhere' }

function writeText(kind: ReportKind, subject: CiSubject): string {
  switch (kind) {
    case 'junit':
      return buildJunit(subject)
    case 'sarif':
      return writeSarif(subject)
    case 'github':
      return buildSummary(subject)
    case 'gitlab':
      return writeCodeQuality(subject)
    default:
      return assertNever(kind)
  }
}

function placeOf(kind: ReportKind, path: string | null, { folder, env }: ReportEnvironment): Place {
  if (path === '-') return { to: 'stdout' }
  const named = path ?? defaultReportPaths[kind]
  if (named !== null) return { to: 'file', file: resolve(folder, named) }
  const summary = env.GITHUB_STEP_SUMMARY
  return summary ? { to: 'summary', file: summary } : { to: 'nowhere' }
}

async function refuseUnwritable(kind: ReportKind, file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await access(dirname(file), constants.W_OK)
    const found = await stat(file).catch(() => null)
    if (found?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
  } catch (error) {
    throw new LockstepError(
      {
        kind: 'usage',
        problem: `the ${kind} report cannot be written to ${file} (${codeOf(error)})`,
        fix: `choose a file in a folder that can be written: --report=${kind}:FILE`,
      },
      { cause: error },
    )
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}
