import type { FindingSeverity } from '../../shared/analysis/finding.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import {
  type CiSubject,
  listFindings,
  numberFingerprints,
  placeInRepository,
  sortBySeverity,
} from './ci-subject.ts'
import { cleanText } from './clean-text.ts'

/** One problem as GitLab's Code Quality reads it. */
export interface CodeQualityIssue {
  readonly description: string
  readonly check_name: string
  readonly fingerprint: string
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker'
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } }
}

const longestDescription = 1_000

/** What was found in a plan, for GitLab; what was accepted is left out, because GitLab knows no such thing. */
export function buildCodeQuality(subject: CiSubject): readonly CodeQualityIssue[] {
  const { paths } = subject
  return numberFingerprints(sortBySeverity(listFindings(subject))).map(({ finding, occurrence }) => {
    const { file, line } = placeInRepository(finding, paths)
    const { message, remedy, rule, fingerprint, severity } = finding
    return {
      description: cleanText([message, remedy].filter(Boolean).join(' '), longestDescription),
      check_name: `lockstep/${rule}`,
      fingerprint: occurrence === 1 ? fingerprint : `${fingerprint}-${occurrence}`,
      severity: gradeOf(severity),
      location: { path: cleanText(file, longestDescription), lines: { begin: line } },
    }
  })
}

/** The Code Quality report as the text of a file. */
export function writeCodeQuality(subject: CiSubject): string {
  return `${JSON.stringify(buildCodeQuality(subject), null, 2)}\n`
}

function gradeOf(severity: FindingSeverity): CodeQualityIssue['severity'] {
  switch (severity) {
    case 'error':
      return 'critical'
    case 'warning':
      return 'major'
    case 'note':
      return 'info'
    default:
      return assertNever(severity)
  }
}
