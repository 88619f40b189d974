import pc from 'picocolors'
import { describeBeyond } from '../../../shared/analysis/describe-beyond.ts'
import { describeBlocking, nameLock } from '../../../shared/analysis/describe-lock.ts'
import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import {
  lockModes,
  type Rehearsal,
  type RouteRehearsal,
  type TracedLock,
  type TracedStatement,
} from '../../../shared/analysis/rehearsal.ts'
import type { ReplayForecast } from '../../../shared/analysis/replay-forecast.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import {
  countOf,
  formatDuration,
  listNames,
  shortenText,
  toOneLine,
} from '../../../shared/text/plain-words.ts'

const shownLocks = 6

/** What a plan did on a copy, for reading: each statement with its locks, the downgrade, and what standbys will meet. */
export function formatRehearsal({ rehearsal, notRehearsed, forecast }: PlanAnalysis): string {
  if (!rehearsal)
    return notRehearsed === '' ? '' : `\n${pc.dim(`not rehearsed: ${toOneLine(notRehearsed)}`)}\n`
  return [
    `\n${pc.bold('Rehearsal')}  ${describeShadow(rehearsal)}\n`,
    ...rehearsal.routes.map(formatRoute),
    ...(forecast ?? []).map(formatForecast),
  ].join('')
}

function describeShadow({ shadow, durationMs, at }: Rehearsal): string {
  const where = shadow.kind === 'sandbox' ? 'in a server of our own' : `on ${shadow.server}`
  const data = { schema: 'without rows', sample: 'with some rows', full: 'with all rows' }[shadow.data]
  const why = shadow.why === '' ? '' : `\n  ${pc.dim(toOneLine(shadow.why))}`
  return `on a copy ${where}, ${data}, in ${formatDuration(durationMs)}, at ${formatInstant(at)}${why}`
}

function formatRoute(route: RouteRehearsal): string {
  const { representative, tenants, problem, endFingerprint, reversibility } = route
  const others = tenants.length > 1 ? `; holds for ${listNames(tenants, 4)}` : ''
  return [
    `\n  ${route.route} on a copy of ${representative}${others}\n`,
    ...(route.passedOver ?? []).map(
      ({ tenant, reason }) =>
        `    ${pc.yellow(`${tenant} cannot be rehearsed itself`)}: ${toOneLine(reason)}\n`,
    ),
    ...route.statements.map(formatStatement),
    problem === null ? '' : `    ${pc.red('fails')}  ${toOneLine(problem)}\n`,
    route.notRehearsed === undefined ? '' : `    ${pc.yellow(toOneLine(route.notRehearsed))}\n`,
    formatVote(route.vote),
    formatBeyond(route.beyond),
    endFingerprint === null ? '' : `    ends in ${endFingerprint.slice(0, 12)}\n`,
    `    rollback: ${describeReversibility(reversibility.verdict)}\n`,
    ...reversibility.evidence.map(line => `      ${pc.dim(toOneLine(line))}\n`),
  ].join('')
}

/** Whether an atomic group could vote on it. */
function formatVote(vote: RouteRehearsal['vote']): string {
  if (!vote) return ''
  const verdict = {
    prepared: pc.green('was prepared on the copy, and rolled back'),
    refused: pc.red('cannot be prepared'),
    unknown: pc.yellow('unknown'),
  }[vote.verdict]
  return [`    vote: ${verdict}\n`, ...vote.evidence.map(line => `      ${pc.dim(toOneLine(line))}\n`)].join(
    '',
  )
}

/** What a rehearsal must leave alone, held against before. */
function formatBeyond(beyond: RouteRehearsal['beyond']): string {
  if (!beyond) return ''
  const { verdict, words } = describeBeyond(beyond)
  const which = beyond.changes?.length ? `: ${toOneLine(listNames(beyond.changes, 8))}` : ''
  const color = { same: String, partly_compared: String, not_compared: pc.yellow, changed: pc.red }[verdict]
  return `    roles, databases and settings of the server: ${color(`${words}${which}`)}\n`
}

function formatStatement(statement: TracedStatement): string {
  const { revision, sql, durationMs, transactional } = statement
  const outside = transactional ? '' : pc.yellow('  not in a transaction')
  const facts = [
    ...formatLocks(statement.locks),
    ...statement.rewrites.map(name => pc.yellow(`rewrites ${name}`)),
    ...statement.scans.map(
      ({ relation, rows }) => `reads ${relation} from end to end (${countOf(rows, 'row')})`,
    ),
    ...statement.invalid.map(name => pc.red(`leaves ${name} invalid`)),
  ]
  return [
    `    ${pc.bold(revision)}  ${shortenText(sql, 90)}  ${pc.dim(formatDuration(durationMs))}${outside}\n`,
    ...facts.map(fact => `      ${fact}\n`),
  ].join('')
}

/** Strongest first; a lock that an earlier statement holds already is no news, and a weak one blocks no one. */
function formatLocks(locks: readonly TracedLock[]): readonly string[] {
  const told = locks
    .filter(lock => lock.isNew && rank(lock) >= lockModes.indexOf('ShareUpdateExclusiveLock'))
    .toSorted((a, b) => rank(b) - rank(a))
  const shown = told.slice(0, shownLocks).map(lock => {
    const line = `${nameLock(lock.mode)} on ${lock.relation}: ${describeBlocking(lock.mode)}`
    return lock.mode === 'AccessExclusiveLock' ? pc.yellow(line) : line
  })
  return told.length > shownLocks ? [...shown, `and ${told.length - shownLocks} more locks`] : shown
}

function rank(lock: TracedLock): number {
  return lockModes.indexOf(lock.mode)
}

function describeReversibility(verdict: RouteRehearsal['reversibility']['verdict']): string {
  switch (verdict) {
    case 'lossless':
      return pc.green('without loss')
    case 'lossy':
      return pc.yellow('with loss')
    case 'impossible':
      return pc.yellow('none')
    case 'not_tried':
      return pc.dim('not tried')
    default:
      return assertNever(verdict)
  }
}

function formatForecast({ server, effect, maxDelayMs, queries }: ReplayForecast): string {
  const who = listNames(
    queries.map(({ application, pid }) => `${application || 'a query'} (process ${pid})`),
    4,
  )
  const count = countOf(queries.length, 'query', 'queries')
  switch (effect) {
    case 'clear':
      return `  ${server}: no query there holds a table that the plan locks\n`
    case 'cancel':
      return `  ${server}: ${pc.yellow(`replay will wait for up to ${formatDuration(maxDelayMs)} and then cancel ${count}`)}: ${who}\n`
    case 'stall':
      return `  ${server}: ${pc.red(`replay will stall until ${count} ${queries.length === 1 ? 'has' : 'have'} ended`)}: ${who}\n`
    default:
      return assertNever(effect)
  }
}

/** When it was: one that is kept tells of the rows and sessions of then. */
function formatInstant(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`
}
