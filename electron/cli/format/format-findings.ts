import pc from 'picocolors'
import type { FindingSeverity, PlanFinding } from '../../../shared/analysis/finding.ts'
import { countOf, listNames, toOneLine } from '../../../shared/text/plain-words.ts'
import { cleanText } from '../../reports/clean-text.ts'

const severities: readonly FindingSeverity[] = ['error', 'warning', 'note']
const mostFindings = 100
const longestSql = 4_000

/** What was found in a plan, for reading: by revision and statement, the accepted ones in one line. */
export function formatFindings(findings: readonly PlanFinding[]): string {
  if (findings.length === 0) return ''
  const open = findings.filter(finding => finding.waived === null)
  const shown = open.slice(0, mostFindings)
  const left = open.length - shown.length
  return [
    `\n${pc.bold('Findings')}  ${describeCounts(findings)}\n`,
    ...[...groupByRevision(shown)].map(([title, group]) => `  ${pc.bold(title)}\n${formatGroup(group)}`),
    left === 0 ? '' : `  and ${left} more: lockstep plan --report=sarif\n`,
    formatAccepted(findings),
  ].join('')
}

function describeCounts(findings: readonly PlanFinding[]): string {
  const counts = severities.flatMap(severity => {
    const count = findings.filter(one => one.waived === null && one.severity === severity).length
    return count === 0 ? [] : [countOf(count, severity)]
  })
  return counts.length === 0 ? 'none that is not accepted' : counts.join(', ')
}

function groupByRevision(findings: readonly PlanFinding[]): ReadonlyMap<string, readonly PlanFinding[]> {
  const groups = new Map<string, PlanFinding[]>()
  for (const finding of findings) {
    const title = finding.revision === null ? 'between revisions' : toOneLine(finding.revision)
    const group = groups.get(title)
    if (group) group.push(finding)
    else groups.set(title, [finding])
  }
  return groups
}

/** In the order of the statements; what belongs to the whole revision comes first. */
function formatGroup(findings: readonly PlanFinding[]): string {
  const rank = ({ statement }: PlanFinding) => statement ?? -1
  return [...findings]
    .sort((a, b) => rank(a) - rank(b) || severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .map(formatFinding)
    .join('')
}

function formatFinding({
  severity,
  rule,
  message,
  place,
  why,
  remedy,
  tenants,
  saferSql,
}: PlanFinding): string {
  const where = place === null ? '' : pc.dim(`  ${place.file}${place.line === null ? '' : `:${place.line}`}`)
  const whom = tenants.length === 0 ? '' : `      tenants  ${listNames(tenants, 10)}\n`
  const safer =
    saferSql === null
      ? ''
      : `      safer    ${cleanText(saferSql.trim(), longestSql).replaceAll(/ *\r?\n/g, '\n               ')}\n`
  return [
    `    ${paint(severity)}  ${toOneLine(rule)}${where}\n`,
    `      ${toOneLine(message)}\n`,
    why === '' ? '' : `      why      ${toOneLine(why)}\n`,
    whom,
    remedy === '' ? '' : `      instead  ${toOneLine(remedy)}\n`,
    safer,
  ].join('')
}

function formatAccepted(findings: readonly PlanFinding[]): string {
  const accepted = findings.flatMap(({ rule, waived }) => (waived ? [`${rule} (${waived.reason})`] : []))
  if (accepted.length === 0) return ''
  return `  ${pc.dim(`${accepted.length} accepted: ${listNames([...new Set(accepted)], 5)}`)}\n`
}

function paint(severity: FindingSeverity): string {
  if (severity === 'error') return pc.red(severity)
  return severity === 'warning' ? pc.yellow(severity) : pc.dim(severity)
}
