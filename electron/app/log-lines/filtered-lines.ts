import type { LogFilter } from '../../../shared/api/log-line.ts'
import { phaseNames } from '../../../shared/run/phase.ts'
import { createGrowingColumn } from '../../lib/growing-column.ts'
import type { LineTable } from './line-table.ts'

/** The lines that a filter leaves, kept up as the log grows. Lines and positions are counted from 0. */
export interface FilteredLines {
  /** Takes in what the table has learnt since the last time. */
  update(): void
  readonly length: number
  lineAt(position: number): number
  slice(from: number, to: number): readonly number[]
}

/** The lines of a table that a filter leaves. */
export function createFilteredLines(table: LineTable, filter: LogFilter): FilteredLines {
  if (Object.values(filter).every(value => value === undefined)) return everyLine(table)
  const passing = createGrowingColumn()
  let scanned = 0
  const context =
    filter.problemsWith === undefined ? null : createProblemLines(table, passing, filter.problemsWith)
  const kept = context?.kept ?? passing
  return {
    update() {
      // A name that no line has yet may come with the next one.
      const passes = compileFilter(table, filter)
      for (; scanned < table.length; scanned += 1) if (passes?.(scanned)) passing.push(scanned)
      context?.update()
    },
    get length() {
      return kept.length
    },
    lineAt: kept.at,
    slice: kept.slice,
  }
}

function everyLine(table: LineTable): FilteredLines {
  let length = 0
  return {
    update() {
      length = table.length
    },
    get length() {
      return length
    },
    lineAt: position => position,
    slice: (from, to) =>
      Array.from({ length: Math.max(0, Math.min(to, length) - from) }, (_unused, index) => from + index),
  }
}

type Column = ReturnType<typeof createGrowingColumn>

/** Problems among the passing lines, with neighbours. Those at the end wait for what follows: they are judged again each time. */
function createProblemLines(table: LineTable, passing: Column, distance: number) {
  const kept = createGrowingColumn()
  let settled = 0
  let keptSettled = 0
  let lastProblem = Number.NEGATIVE_INFINITY
  return {
    kept,
    update() {
      kept.cut(keptSettled)
      let next = settled
      let nextProblem = findProblem(next)
      let last = lastProblem
      for (; next < passing.length; next += 1) {
        if (nextProblem < next) nextProblem = findProblem(next)
        if (nextProblem === next) last = next
        if (next - last <= distance || nextProblem - next <= distance) kept.push(passing.at(next))
        if (next < passing.length - distance) {
          settled = next + 1
          keptSettled = kept.length
          lastProblem = last
        }
      }
    },
  }

  function findProblem(from: number): number {
    for (let position = from; position < passing.length; position += 1) {
      if (table.isProblem(passing.at(position))) return position
    }
    return Number.POSITIVE_INFINITY
  }
}

/** The filter as comparisons of numbers; null when a name that it asks for is on no line. */
function compileFilter(table: LineTable, filter: LogFilter): ((line: number) => boolean) | null {
  const checks: ((line: number) => boolean)[] = []
  const { tenant, gate, phase, source, attempt } = filter
  if (tenant !== undefined) {
    const number = table.lookUp(tenant)
    if (number === null) return null
    checks.push(line => table.tenantAt(line) === number)
  }
  if (gate !== undefined) {
    const number = table.lookUp(gate)
    if (number === null) return null
    checks.push(line => table.gateAt(line) === number)
  }
  if (phase !== undefined) {
    const number = phaseNames.indexOf(phase) + 1
    checks.push(line => table.phaseAt(line) === number)
  }
  if (source !== undefined) {
    const number = table.sourceNumber(source)
    checks.push(line => table.sourceAt(line) === number)
  }
  if (attempt !== undefined) checks.push(line => attempt > 0 && table.attemptAt(line) === attempt)
  return line => checks.every(check => check(line))
}
