import type { CaseResult } from './try-kill.ts'

/** What a matrix has come to, in numbers. */
export interface MatrixTotals {
  readonly tried: number
  readonly settled: number
  readonly wrong: number
  readonly unproven: number
}

/** What never came to the moment that was meant has tried nothing, whatever came of it. */
export function countVerdicts(results: readonly CaseResult[]): MatrixTotals {
  const reached = results.filter(one => one.isReached || one.verdict !== 'settled')
  const count = (verdict: CaseResult['verdict']) => reached.filter(one => one.verdict === verdict).length
  return {
    tried: reached.length,
    settled: count('settled'),
    wrong: count('wrong'),
    unproven: count('unproven'),
  }
}

/** Boundaries by faults: tried, settled, wrong, unproven, and the longest time that a reader waited. */
export function formatMatrix(results: readonly CaseResult[]): readonly string[] {
  const rows = [
    ...countBy(results, ({ fault, moment }) => (fault === 'kill' ? `kill ${nameOf(moment)}` : fault)),
    ...countBy(
      results.filter(one => one.fault !== 'kill'),
      ({ moment }) => `fault ${nameOf(moment)}`,
    ),
    ...countBy(results, ({ scenario }) => `in ${scenario}`),
    ['all', results] as const,
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const head = `${''.padEnd(width)}  tried  settled  wrong  unproven  longest read`
  return [
    head,
    ...rows.map(([name, cases]) => {
      const { tried, settled, wrong, unproven } = countVerdicts(cases)
      const longest = Math.max(0, ...cases.map(one => one.longestReadMs))
      const cells = [
        String(tried).padStart(5),
        String(settled).padStart(7),
        String(wrong).padStart(5),
        String(unproven).padStart(8),
        `${String(longest).padStart(9)} ms`,
      ]
      return `${name.padEnd(width)}  ${cells.join('  ')}`
    }),
  ]
}

/** One line for a case that did not end as it was promised. */
export function formatProblem({ scenario, fault, moment, verdict, problems }: CaseResult): string {
  return `${verdict}: ${scenario}, ${fault} at ${moment}: ${problems.join('; ') || 'not every tenant is named'}`
}

const nameOf = (moment: string): string => moment.split(':').slice(0, 2).join(' ')

function countBy(
  results: readonly CaseResult[],
  keyOf: (result: CaseResult) => string,
): readonly (readonly [string, readonly CaseResult[]])[] {
  const groups = new Map<string, CaseResult[]>()
  for (const result of results) groups.set(keyOf(result), [...(groups.get(keyOf(result)) ?? []), result])
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
}
