import type { PlanFinding } from '../../shared/analysis/finding.ts'
import {
  type CiSubject,
  listFindings,
  numberFingerprints,
  placeInRepository,
  type RepositoryPaths,
  sortBySeverity,
} from './ci-subject.ts'
import { cleanText } from './clean-text.ts'
import { describeFinding } from './describe-finding.ts'

/** GitHub shows no more results of one run. */
const mostResults = 5_000
const longestText = 4_000

/** A SARIF 2.1.0 log of what was found in a plan; what was accepted is there too, as suppressed. */
export function buildSarif(subject: CiSubject) {
  const { paths, toolVersion, project, environment } = subject
  const findings = listFindings(subject)
  const accepted = findings.filter(finding => finding.waived !== null)
  const ordered = [...sortBySeverity(findings), ...accepted]
  const shown = ordered.slice(0, mostResults)
  const rules = [...new Map(shown.map(finding => [finding.rule, finding])).values()]
  const indexes = new Map(rules.map((finding, index) => [finding.rule, index]))
  const left = ordered.length - shown.length
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Lockstep', version: toolVersion, rules: rules.map(describeRule) } },
        // Alerts of two environments must not close each other.
        automationDetails: { id: `lockstep/${[project, environment].filter(Boolean).join('/')}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications:
              left === 0
                ? []
                : [{ level: 'warning', message: { text: `${left} more findings are left out.` } }],
          },
        ],
        results: numberFingerprints(shown).map(({ finding, occurrence }) =>
          describeResult(finding, { occurrence, ruleIndex: indexes.get(finding.rule) ?? 0, paths }),
        ),
      },
    ],
  }
}

/** The SARIF log as the text of a file. */
export function writeSarif(subject: CiSubject): string {
  return `${JSON.stringify(buildSarif(subject), null, 2)}\n`
}

function describeRule({ rule, why, remedy, severity, source }: PlanFinding) {
  return {
    id: rule,
    name: rule,
    shortDescription: { text: rule.replaceAll('_', ' ') },
    fullDescription: { text: cleanText(why || rule, longestText) },
    help: { text: cleanText(remedy || why || rule, longestText) },
    defaultConfiguration: { level: severity },
    properties: { tags: [source] },
  }
}

function describeResult(
  finding: PlanFinding,
  about: { readonly occurrence: number; readonly ruleIndex: number; readonly paths: RepositoryPaths },
) {
  const { file, line } = placeInRepository(finding, about.paths)
  const { rule, severity, fingerprint, revision, statement, objects, tenants, saferSql, waived } = finding
  return {
    ruleId: rule,
    ruleIndex: about.ruleIndex,
    // SARIF has the same words for the same things.
    level: severity,
    message: { text: cleanText(describeFinding({ ...finding, waived: null }), longestText) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodePath(file), uriBaseId: '%SRCROOT%' },
          region: { startLine: line },
        },
      },
    ],
    partialFingerprints: {
      'lockstepFinding/v1': fingerprint,
      primaryLocationLineHash: `${fingerprint}:${about.occurrence}`,
    },
    suppressions:
      waived === null
        ? []
        : [
            {
              kind: waived.by === 'inline' ? 'inSource' : 'external',
              status: 'accepted',
              justification: cleanText(waived.reason, longestText),
            },
          ],
    properties: {
      revision,
      statement,
      objects: objects.slice(0, 100),
      tenants: tenants.slice(0, 100),
      saferSql: saferSql === null ? null : cleanText(saferSql, longestText),
    },
  }
}

/** A path as a relative URI: what means something in a URI is written as a code. */
function encodePath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .split('/')
    .map(part => encodeURIComponent(cleanText(part, 1_000)))
    .join('/')
}
