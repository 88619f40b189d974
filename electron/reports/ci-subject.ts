import type { FindingSeverity, PlanFinding } from '../../shared/analysis/finding.ts'
import type { GateCheck } from '../../shared/api/plan-view.ts'
import type { Plan } from '../../shared/plan/plan.ts'
import { type GateAnswer, weighVerdict } from '../../shared/plan/verdict.ts'
import type { RunState } from '../../shared/run/run-state.ts'

/** What reports for CI are made from: a plan that was looked at, or a run. */
export interface CiSubject {
  readonly toolVersion: string
  readonly project: string | null
  readonly environment: string | null
  readonly plan: Plan | null
  readonly findings: readonly PlanFinding[]
  /** What the gates said of a plan that was only looked at; a run tells its own. */
  readonly gates?: readonly GateCheck[]
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

/** A gate with its answer, of a run or of a plan. */
export interface NamedAnswer {
  readonly name: string
  readonly momentary: boolean
  readonly answer: GateAnswer | null
  readonly durationMs: number | null
}

/** What the gates said: of the run, else of the plan. */
export function listGates({ run, gates = [] }: Pick<CiSubject, 'run' | 'gates'>): readonly NamedAnswer[] {
  return (run?.gates ?? gates).map(({ gate, ...rest }) => ({ name: gate, ...rest }))
}

/** Gates whose answer is made of findings, which have lines of their own. */
const madeOfFindings = ['lint', 'conflicts']

/** Everything that was found in a plan: by lint and conflicts, and by gates, as findings at the project file. */
export function listFindings({ findings, gates = [] }: CiSubject): readonly PlanFinding[] {
  return [...findings, ...gates.flatMap(findingOf)]
}

function findingOf({ gate, title, why, momentary, answer }: GateCheck): readonly PlanFinding[] {
  const severity = weighVerdict(answer.verdict)
  if (severity === null || madeOfFindings.includes(gate)) return []
  const facts = answer.evidence.map(({ tenant, server, fact }) =>
    [tenant, server, fact].filter(Boolean).join(': '),
  )
  const now = momentary ? ' (this holds for the moment)' : ''
  return [
    {
      fingerprint: `gate-${gate}`,
      source: 'gate',
      rule: gate,
      severity,
      revision: null,
      statement: null,
      place: null,
      objects: [],
      tenants: [],
      message: `${title}: ${answer.verdict}, ${answer.value}${now}`,
      why: [why, ...facts].join('\n'),
      remedy: answer.remedy,
      saferSql: null,
      waived: null,
    },
  ]
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
