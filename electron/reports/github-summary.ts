import type { PlanFinding } from '../../shared/analysis/finding.ts'
import { allowsRun, type GateAnswer } from '../../shared/plan/verdict.ts'
import { describeOutcome } from '../../shared/run/describe-outcome.ts'
import type { RunState, TenantState } from '../../shared/run/run-state.ts'
import { countOf, formatDuration, formatHeads } from '../../shared/text/plain-words.ts'
import {
  type CiSubject,
  listGates,
  type NamedAnswer,
  placeInRepository,
  sortBySeverity,
} from './ci-subject.ts'
import { escapeHtml, escapeMarkdown, joinWithin, writeCode, writeTable } from './markdown.ts'
import { nameHook } from './name-hook.ts'

const mostRows = 50
const detailedFindings = 10

/** What GitHub takes for one step; more makes the upload of the whole summary fail. */
export const githubSummaryLimit = 1_048_576

/** A page in Markdown for the summary of a step: how it ended, then what has to be looked at. */
export function buildSummary(subject: CiSubject, mostBytes = githubSummaryLimit): string {
  const { run } = subject
  const gates = listGates(subject)
  const parts = [
    writeTitle(subject),
    writeAnswers('Gates', gates),
    ...listEvidence([...gates, ...(run ? [...listTests(run), ...listHooks(run)] : [])]),
    ...(run ? [writeTenants(run), writeReplicas(run)] : []),
    ...(run ? [writeAnswers('Hooks', listHooks(run)), writeAnswers('Smoke tests', listTests(run))] : []),
    ...writeFindings(subject),
    run?.runId ? `\nIn full: \`lockstep report ${run.runId}\`\n` : '',
  ]
  return joinWithin(parts, Math.min(mostBytes, githubSummaryLimit))
}

function writeTitle(subject: CiSubject): string {
  const { run, plan, project, environment, findings } = subject
  const gates = listGates(subject)
  const where = [project, environment].filter(Boolean).join(', ')
  const facts = [
    where === '' ? '' : escapeMarkdown(where),
    plan === null ? '' : `to ${escapeMarkdown(formatHeads(plan.target))}`,
    plan === null ? '' : `plan \`${plan.planId.slice(0, 12)}\``,
    run?.durationMs ? formatDuration(run.durationMs) : '',
  ].filter(Boolean)
  const verdict = run
    ? describeOutcome(run).verdict
    : `Planned: ${describeCounts(findings)}${describeStopping(gates)}.`
  const next = run ? describeOutcome(run).next : ''
  const then = next === '' ? '' : `\nNext: ${escapeMarkdown(next, 1_000)}\n`
  return `## Lockstep: ${escapeMarkdown(verdict, 1_000)}\n\n${facts.join(' · ')}\n${then}`
}

function describeStopping(gates: readonly NamedAnswer[]): string {
  const names = gates.flatMap(({ name, answer }) => (answer && !allowsRun(answer.verdict) ? [name] : []))
  return names.length === 0 ? '' : `; ${names.join(', ')} would stop a run`
}

function describeCounts(findings: readonly PlanFinding[]): string {
  const open = findings.filter(finding => finding.waived === null)
  const of = (severity: string) => open.filter(finding => finding.severity === severity).length
  const words = [
    countOf(of('error'), 'error'),
    countOf(of('warning'), 'warning'),
    countOf(of('note'), 'note'),
  ]
  return `${words.join(', ')}, ${findings.length - open.length} accepted`
}

type Answered = Omit<NamedAnswer, 'momentary'> & { readonly momentary?: boolean }

function listHooks(run: RunState): readonly Answered[] {
  return run.hooks.map(hook => ({ name: nameHook(hook), answer: hook.answer, durationMs: hook.durationMs }))
}

function listTests(run: RunState): readonly Answered[] {
  return run.smokeTests.map(({ test, group, answer, durationMs }) => ({
    name: `${test} (${group})`,
    answer,
    durationMs,
  }))
}

function writeAnswers(title: string, answers: readonly Answered[]): string {
  if (answers.length === 0) return ''
  const rows = answers.map(({ name, momentary, answer, durationMs }) => [
    `${markOf(answer)} ${name}`,
    `${answer?.verdict ?? 'not judged'}${momentary ? ' (momentary)' : ''}`,
    answer?.value ?? '',
    answer?.threshold ?? '',
    durationMs === null ? '' : formatDuration(durationMs),
  ])
  return `\n### ${title}\n\n${writeTable(['name', 'verdict', 'value', 'wanted', 'took'], rows, mostRows)}`
}

function markOf(answer: GateAnswer | null): string {
  if (answer === null) return '◌'
  if (!allowsRun(answer.verdict)) return '✗'
  return answer.verdict === 'warned' || answer.verdict === 'waived' ? '⚠' : '✓'
}

/** The facts of what did not open the way. */
function listEvidence(answers: readonly Answered[]): readonly string[] {
  return answers.flatMap(({ name, answer }) => {
    if (answer === null || allowsRun(answer.verdict)) return []
    const facts = answer.evidence.slice(0, mostRows).map(({ tenant, server, fact }) => {
      const whom = [tenant, server].filter(Boolean).join(' on ')
      return `- ${whom === '' ? '' : `**${escapeMarkdown(whom)}** `}${escapeMarkdown(fact, 1_000)}\n`
    })
    const remedy = answer.remedy === '' ? '' : `\n${writeCode(answer.remedy, '', 4_000)}`
    return [`\n**${escapeMarkdown(name)}**\n\n${facts.join('')}${remedy}`]
  })
}

function writeTenants({ tenants }: RunState): string {
  if (tenants.length === 0) return ''
  const statuses = new Map<string, number>()
  for (const { status } of tenants) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  const counts = [...statuses].map(([status, count]) => `${count} ${status.replaceAll('_', ' ')}`)
  const outliers = tenants.filter(({ status }) => status !== 'committed' && status !== 'up_to_date')
  const title = `\n### Tenants\n\n${counts.join(', ')}\n`
  if (outliers.length === 0) return title
  const ordered = [...outliers].sort((a, b) => rankOf(a) - rankOf(b))
  const rows = ordered.map(({ tenant, group, status, from, to, failure }) => [
    tenant,
    group ?? '',
    status,
    `${formatHeads(from)} → ${formatHeads(to)}`,
    failure?.kind ?? '',
  ])
  return `${title}\n${writeTable(['tenant', 'group', 'state', 'route', 'failure'], rows, mostRows)}`
}

const ranks: readonly TenantState['status'][] = ['unsettled', 'failed', 'prepared', 'running', 'rolled_back']

function rankOf({ status }: TenantState): number {
  const rank = ranks.indexOf(status)
  return rank === -1 ? ranks.length : rank
}

function writeReplicas({ standbys, comparisons }: RunState): string {
  if (standbys.length === 0) return ''
  const rows = standbys.map(({ server, cluster, caughtUp, waitedMs }) => {
    const compared = comparisons.filter(comparison => comparison.server === server)
    const different = compared.filter(({ equal }) => !equal).map(({ tenant }) => tenant)
    return [
      server,
      cluster,
      caughtUp === null ? 'nothing to replay' : caughtUp ? 'caught up' : 'did not catch up',
      waitedMs === null ? '' : formatDuration(waitedMs),
      different.length === 0 ? `${compared.length} equal` : `different: ${different.join(', ')}`,
    ]
  })
  return `\n### Replicas\n\n${writeTable(['standby', 'cluster', 'replay', 'waited', 'schemas'], rows, mostRows)}`
}

function writeFindings({ findings, paths }: CiSubject): readonly string[] {
  if (findings.length === 0) return []
  const open = sortBySeverity(findings)
  const accepted = findings.length - open.length
  const rows = open.map(finding => {
    const { file, line } = placeInRepository(finding, paths)
    const place = finding.place === null ? '' : `${file}:${line}`
    return [finding.severity, finding.rule, finding.message, finding.revision ?? '', place]
  })
  const title = `\n### Findings\n\n${describeCounts(findings)}\n`
  const table =
    rows.length === 0
      ? ''
      : `\n${writeTable(['severity', 'rule', 'what', 'revision', 'where'], rows, mostRows)}`
  const why =
    accepted === 0 ? '' : `\n${countOf(accepted, 'finding')} accepted, with reasons in the project.\n`
  return [`${title}${table}${why}`, ...open.slice(0, detailedFindings).map(writeDetails)]
}

function writeDetails({ rule, objects, why, remedy, saferSql }: PlanFinding): string {
  const title = escapeHtml([rule, objects[0]].filter(Boolean).join(': '))
  const sql = saferSql === null ? '' : `\n${writeCode(saferSql, 'sql', 4_000)}`
  const text = [why, remedy].filter(Boolean).map(line => `\n${escapeMarkdown(line, 2_000)}\n`)
  return `\n<details><summary>${title}</summary>\n${text.join('')}${sql}\n</details>\n`
}
