import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printLog } from '../shared/samples/write-log.ts'
import { makeRun } from '../support/dashboard/sample-run.ts'

const largeRunId = '01KDASHB0ARD00000000000000'

/** Writes the log of a run over many tenants of which one voted no, as a pipeline would have left it. */
export function writeLargeRun(folder: string, tenants: number, failing: number): string {
  const file = join(folder, 'events.jsonl')
  const events = makeRun(tenants, [failing]).map(event => ({ ...event, runId: largeRunId }))
  writeFileSync(file, printLog(events))
  return file
}
