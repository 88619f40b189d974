import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printLog } from '../shared/samples/write-log.ts'
import { makeRun } from '../support/dashboard/sample-run.ts'

/** Writes the log of a run over many tenants of which one voted no, as a pipeline would have left it. */
export function writeLargeRun(folder: string, tenants: number, failing: number): string {
  const file = join(folder, 'events.jsonl')
  writeFileSync(file, printLog(makeRun(tenants, [failing])))
  return file
}
