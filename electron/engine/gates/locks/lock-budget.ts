import { describeBlocking, nameLock } from '../../../../shared/analysis/describe-lock.ts'
import type { RouteRehearsal } from '../../../../shared/analysis/rehearsal.ts'
import { countOf, formatDuration } from '../../../../shared/text/plain-words.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import type { TableFacts } from '../../ports/schema-facts.ts'
import { findRehearsed } from '../plan/rehearsed.ts'
import { judgeHeldVotes } from './judge-held-votes.ts'
import { readLargest } from './largest-tables.ts'
import { type LockHold, listHolds, rank } from './lock-holds.ts'

/** Where the number of rows is not known, a table with so many bytes for each counts as large. */
const bytesPerRow = 100

/** Stops a migration that keeps readers or writers waiting for longer than they may. */
export const lockBudget: Gate = {
  ...nameGate('lock_budget'),
  async judge(context, signal) {
    const { maxReaderBlockSeconds, maxWriterBlockSeconds, largeTableRows } = context.settings.lock_budget
    const threshold = `readers wait at most ${maxReaderBlockSeconds} s, writers ${maxWriterBlockSeconds} s; no table above ${countOf(largeTableRows, 'row')} is read whole meanwhile`
    const { routes, answer } = findRehearsed(context, threshold)
    if (routes === null) return answer
    const findings: Finding[] = []
    const holds: LockHold[] = []
    for (const route of routes) {
      const mine = listHolds(route.statements)
      const sizes = mine.some(hold => slowTables(hold).length > 0)
        ? await readLargest(context, route, signal)
        : new Map<string, TableFacts>()
      holds.push(...mine)
      findings.push(...mine.map(hold => judgeHold(context, route, hold, sizes)))
    }
    findings.push(...judgeHeldVotes(context.plan, routes))
    const value = describeStrongest(holds)
    if (findings.length === 0) return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
    return answerFromFindings(findings, { value, threshold })
  },
}

function judgeHold(
  { settings, analysis }: GateContext,
  { representative }: RouteRehearsal,
  hold: LockHold,
  sizes: ReadonlyMap<string, TableFacts>,
): Finding {
  const limits = settings.lock_budget
  const { relation, mode, statement, heldMs } = hold
  const seconds = mode === 'AccessExclusiveLock' ? limits.maxReaderBlockSeconds : limits.maxWriterBlockSeconds
  const where = `revision ${statement.revision}, statement ${statement.index + 1}`
  const fact = `${relation}: ${nameLock(mode)} for ${formatDuration(heldMs)} (${describeBlocking(mode)}), from ${where} on`
  // Times on a copy with all rows tell the truth; with fewer rows they tell nothing about a large table.
  const hasAllRows = analysis.rehearsal?.shadow.data === 'full'
  const large = slowTables(hold)
    .flatMap(table => sizes.get(table) ?? [])
    .filter(table => isLarge(table, limits.largeTableRows))
    .filter(() => !hasAllRows)
  const evidence = { tenant: representative, fact: [fact, ...large.map(describeLarge)].join('; ') }
  if (heldMs <= seconds * 1_000 && large.length === 0) return { verdict: 'passed', evidence, remedy: '' }
  return {
    verdict: 'failed',
    evidence,
    remedy:
      'Put what takes long into a revision of its own without a strong lock (create index concurrently; a constraint as not valid, validated later), or raise gates.lock_budget.',
  }
}

/** What is read or rewritten from end to end while the lock is held. */
function slowTables({ meanwhile }: LockHold): readonly string[] {
  const names = meanwhile.flatMap(({ scans, rewrites }) => [...scans.map(scan => scan.relation), ...rewrites])
  return [...new Set(names)]
}

function isLarge({ rows, bytes }: TableFacts, limit: number): boolean {
  return rows === null ? bytes > limit * bytesPerRow : rows > limit
}

function describeLarge({ table, rows }: TableFacts): string {
  const size = rows === null ? 'many rows' : `about ${countOf(rows, 'row')}`
  return `${table} with ${size} is read or written from end to end meanwhile`
}

function describeStrongest(holds: readonly LockHold[]): string {
  const [strongest] = holds.toSorted((a, b) => rank(b.mode) - rank(a.mode) || b.heldMs - a.heldMs)
  if (!strongest) return 'no lock makes other sessions wait'
  return `${nameLock(strongest.mode)} on ${strongest.relation} for ${formatDuration(strongest.heldMs)}`
}
