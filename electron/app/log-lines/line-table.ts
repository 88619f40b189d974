import { type LogSource, logLevels, logSources } from '../../../shared/run/event-spec.ts'
import { phaseNames } from '../../../shared/run/phase.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { isFailureItself, levelOf, sourceOf } from '../../events/place-in-log.ts'
import { createContextKeeper, gateOf, type LineContext, tenantOf } from '../../events/to-log-line.ts'
import { createGrowingColumn } from '../../lib/growing-column.ts'

/** What filters ask about every line of a log, in a few bytes each: a million lines take about 24 MB. */
export type LineTable = ReturnType<typeof createLineTable>

/** An empty table. Lines are counted from 0; the number of a name is 0 where there is none. */
export function createLineTable() {
  const follow = createContextKeeper()
  const names = new Map<string, number>()
  const texts: string[] = []
  const kinds = createGrowingColumn()
  const tenants = createGrowingColumn()
  const gates = createGrowingColumn()
  const groups = createGrowingColumn()
  const attempts = createGrowingColumn()

  const numberOf = (name: string | null): number => {
    if (name === null) return 0
    const known = names.get(name)
    if (known !== undefined) return known
    texts.push(name)
    names.set(name, texts.length)
    return texts.length
  }

  return {
    get length() {
      return kinds.length
    },
    add(event: RunEvent): void {
      const context = follow(event)
      const phase = context.phase === null ? 0 : phaseNames.indexOf(context.phase) + 1
      const level = logLevels.indexOf(levelOf(event))
      const source = logSources.indexOf(sourceOf(event))
      kinds.push(phase | (level << 4) | (source << 6) | (isFailureItself(event) ? 1 << 9 : 0))
      tenants.push(numberOf(tenantOf(event)))
      gates.push(numberOf(gateOf(event)))
      groups.push(numberOf(context.group))
      attempts.push(context.attempt ?? 0)
    },
    /** The number of a name; null when no line has it. */
    lookUp: (name: string): number | null => names.get(name) ?? null,
    tenantAt: tenants.at,
    gateAt: gates.at,
    attemptAt: attempts.at,
    phaseAt: (line: number): number => kinds.at(line) & 15,
    sourceAt: (line: number): number => (kinds.at(line) >> 6) & 7,
    isProblem: (line: number): boolean => ((kinds.at(line) >> 4) & 3) !== 0,
    isError: (line: number): boolean => ((kinds.at(line) >> 4) & 3) === 2,
    isFailureItself: (line: number): boolean => (kinds.at(line) & (1 << 9)) !== 0,
    contextAt: (line: number): LineContext => ({
      phase: phaseNames[(kinds.at(line) & 15) - 1] ?? null,
      group: texts[groups.at(line) - 1] ?? null,
      attempt: attempts.at(line) || null,
    }),
    sourceNumber: (source: LogSource): number => logSources.indexOf(source),
  }
}
