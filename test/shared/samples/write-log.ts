import { genesisHash, hashLine } from '../../../electron/adapters/run-log/hash-chain.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'

/** The text of a run log with these events, as the run store writes it. */
export function printLog(events: readonly RunEvent[]): string {
  let prev = genesisHash
  return events
    .map(event => {
      const line = JSON.stringify({ ...event, prev })
      prev = hashLine(line)
      return `${line}\n`
    })
    .join('')
}
