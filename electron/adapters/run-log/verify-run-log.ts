import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashLine } from './hash-chain.ts'
import { loadLog } from './load-log.ts'
import { pathsOfRun } from './run-paths.ts'
import { describeProblem, type LogScan } from './scan-log.ts'

/** What can be proven about a stored log; `lockstep log RUN --verify` prints it. */
export interface LogVerification {
  readonly runId: string
  /** Events that are proven to be as they were written. */
  readonly events: number
  /** True when the log ends with the end of the run. */
  readonly complete: boolean
  /** Hash of the last proven line; a report names it as `log_head`. */
  readonly headHash: string
  /** The line that does not fit; null when none, or when the problem is not one of a line. */
  readonly line: number | null
  readonly problem: string | null
}

/**
 * Recomputes the hash chain of a log.
 *
 * A chain cannot tell that its last lines were cut off or changed, so the log is also held against the
 * report beside it, which names the number of events and the hash of the last one.
 */
export async function verifyRunLog(folder: string, runId: string): Promise<LogVerification> {
  const scan = await loadLog(folder, runId)
  const { seq, headHash } = scan.position
  return {
    runId,
    events: seq,
    complete: scan.problem === null && scan.tornBytes === 0 && scan.events.at(-1)?.type === 'run.finished',
    headHash,
    line: scan.problem?.line ?? null,
    problem: describeScan(scan) ?? (await compareWithReport(folder, runId)),
  }
}

/** What is wrong with a log, in words; null when nothing is. */
export function describeScan(scan: LogScan): string | null {
  if (scan.problem !== null) return describeProblem(scan.problem)
  if (scan.tornBytes > 0) {
    return `the last line is cut off after ${scan.tornBytes} bytes; everything before it is sound`
  }
  if (scan.events.length === 0) return 'the log is empty: it holds no event'
  return null
}

async function compareWithReport(folder: string, runId: string): Promise<string | null> {
  const paths = pathsOfRun(folder, runId)
  const report = parseReport(await readFile(join(paths.folder, 'report.json'), 'utf8').catch(() => ''))
  if (report === null) return null
  const lines = (await readFile(paths.events, 'utf8')).split('\n')
  const line = lines[report.events - 1]
  if (line === undefined || line === '') {
    return `the report was made from ${report.events} events, the log holds ${lines.length - 1}`
  }
  return hashLine(line) === report.head
    ? null
    : `line ${report.events} is not the one that the report was made from`
}

function parseReport(text: string): { readonly events: number; readonly head: string } | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    if (!('log_events' in value) || !('log_head' in value)) return null
    const { log_events: events, log_head: head } = value
    return typeof events === 'number' && typeof head === 'string' ? { events, head } : null
  } catch {
    return null
  }
}
