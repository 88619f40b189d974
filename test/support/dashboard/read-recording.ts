import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunEvent } from '../../../shared/run/run-event.ts'

export type Recording =
  | '0.1.0-migrated'
  | '0.1.0-duplicate-rows'
  | '0.1.0-leaky-tenant'
  | '0.1.0-crash-after-decision'
  | '0.1.0-server-crash'
  | 'made-stopped-by-gate'
  | 'made-crashed-and-recovered'

/** The events of a recorded run. */
export function readRecording(name: Recording): readonly RunEvent[] {
  const file = join(import.meta.dirname, '../../fixtures/runs', `${name}.jsonl`)
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as RunEvent)
}
