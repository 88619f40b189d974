import type { FindingSeverity, PlanFinding } from '../../shared/analysis/finding.ts'
import type { Plan } from '../../shared/plan/plan.ts'
import type { RunState } from '../../shared/run/run-state.ts'

/** What reports for CI are made from: a plan that was looked at, or a run. */
export interface CiSubject {
  readonly toolVersion: string
  readonly project: string | null
  readonly environment: string | null
  readonly plan: Plan | null
  readonly findings: readonly PlanFinding[]
  /** Null when something was only planned. */
  readonly run: RunState | null
  readonly paths: RepositoryPaths
}

/** Where things lie in the repository, with forward slashes; CI knows files by their path from its root. */
export interface RepositoryPaths {
  /** The folder that the paths of findings start from; empty for the root itself. */
  readonly sources: string
  /** The project file: it stands for what has no place of its own. */
  readonly config: string
}

/** Where a finding stands in the repository; what lies between revisions stands at the project file. */
export interface RepositoryPlace {
  readonly file: string
  readonly line: number
}

/** The place of a finding, from the root of the repository. */
export function placeInRepository({ place }: PlanFinding, paths: RepositoryPaths): RepositoryPlace {
  if (place === null) return { file: paths.config, line: 1 }
  return { file: joinPath(paths.sources, place.file), line: Math.max(1, place.line ?? 1) }
}

const order: readonly FindingSeverity[] = ['error', 'warning', 'note']

/** What stops something first, then what warns, then what is only to be read; what was accepted is left out. */
export function sortBySeverity(findings: readonly PlanFinding[]): readonly PlanFinding[] {
  const open = findings.filter(finding => finding.waived === null)
  return order.flatMap(severity => open.filter(finding => finding.severity === severity))
}

/** Findings that say the same twice get numbers, because readers of reports keep one of each fingerprint. */
export function numberFingerprints(
  findings: readonly PlanFinding[],
): readonly { readonly finding: PlanFinding; readonly occurrence: number }[] {
  const seen = new Map<string, number>()
  return findings.map(finding => {
    const occurrence = (seen.get(finding.fingerprint) ?? 0) + 1
    seen.set(finding.fingerprint, occurrence)
    return { finding, occurrence }
  })
}

function joinPath(folder: string, file: string): string {
  if (file.startsWith('/') || /^[A-Za-z]:[\\/]/.test(file)) return file
  const parts: string[] = []
  for (const part of [...folder.split('/'), ...file.split('/')]) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}
