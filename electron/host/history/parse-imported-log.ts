import { setImmediate } from 'node:timers/promises'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { initialRunState } from '../../../shared/run/run-state.ts'
import { genesisHash, hashLine } from '../../adapters/run-log/hash-chain.ts'
import { isRunId } from '../../adapters/run-log/new-run-id.ts'
import { readLine } from '../../adapters/run-log/read-line.ts'
import { createLineMaker } from '../../events/to-log-line.ts'
import { buildReport } from '../../reports/build-report.ts'

/** A log from elsewhere as the run store keeps logs. */
export interface ImportedLog {
  readonly runId: string
  /** Whole lines, chained. */
  readonly text: string
  /** What follows the last whole line of a log that was cut off. */
  readonly tail: string
}

/** Others get their turn after so many lines. */
const linesAtOnce = 500

/**
 * Proves a log line by line, or says why it is none.
 *
 * A log without hashes, as `lockstep log --json` prints it, is chained again; that gives the very bytes that its run wrote.
 */
export async function parseImportedLog(given: string): Promise<ImportedLog | { readonly problem: string }> {
  const { lines, tail } = splitLines(given)
  const first = parseObject(lines[0] ?? tail)
  const refusal = refuseFirst(first, given)
  if (refusal !== null || first === null) return { problem: refusal ?? 'it is empty' }
  const { runId } = first
  if (typeof runId !== 'string' || !isRunId(runId)) return { problem: 'line 1: it names no run id' }
  const isChained = 'prev' in first
  const check = createEventCheck()
  const kept: string[] = []
  let prev = genesisHash
  for (const [index, line] of lines.entries()) {
    if (index % linesAtOnce === linesAtOnce - 1) await setImmediate()
    const chained = isChained ? line : chain(line, prev)
    const read = readLine(chained, { runId, seq: index + 1, prev })
    const problem = 'problem' in read ? read.problem : check(read.event)
    if (problem !== null) return { problem: `line ${index + 1}: ${problem}` }
    kept.push(chained, '\n')
    prev = hashLine(chained)
  }
  if (kept.length === 0) return { problem: 'it is cut off within its first line' }
  return { runId, text: kept.join(''), tail }
}

/** A last line without its newline is whole when it is an object: editors and clipboards take newlines away. */
function splitLines(given: string): { readonly lines: readonly string[]; readonly tail: string } {
  const lines = given
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(line => line.replace(/\r$/, ''))
  const tail = lines.pop() ?? ''
  if (tail.trim() === '') {
    while (lines.at(-1)?.trim() === '') lines.pop()
    return { lines, tail: '' }
  }
  return parseObject(tail) === null ? { lines, tail } : { lines: [...lines, tail], tail: '' }
}

function refuseFirst(first: Readonly<Record<string, unknown>> | null, given: string): string | null {
  if (given.trim() === '') return 'it is empty'
  const whole = first ?? parseObject(given)
  if (whole !== null && ('execution_id' in whole || 'schema_version' in whole)) {
    return 'it is a report, which says how a run ended and not what happened in it: open the events.jsonl that lies beside it'
  }
  if (first === null) return 'line 1: the line is not a JSON object'
  const isCanonical = 'type' in first && !('seq' in first) && !('runId' in first)
  return isCanonical
    ? 'it is the canonical form of a log, which is for comparing: open what lockstep log --json prints'
    : null
}

/** The chain vouches only for who wrote a line last: whether it can be shown at all is tried before it is kept. */
function createEventCheck() {
  const toLine = createLineMaker()
  let state = initialRunState
  return (event: Parameters<typeof foldRun>[1]): string | null => {
    try {
      toLine(event)
      state = foldRun(state, event)
      if (event.type === 'run.finished') buildReport(state, { headHash: null })
      return null
    } catch {
      return `the line lacks what an event of type ${event.type} says`
    }
  }
}

function chain(line: string, prev: string): string {
  const value = parseObject(line)
  return value === null || 'prev' in value ? line : JSON.stringify({ ...value, prev })
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
