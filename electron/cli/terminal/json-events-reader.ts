import type { TerminalReader } from './terminal-reader.ts'
import type { TerminalStream } from './terminal-stream.ts'

/** Writes every event as one line of JSON, for `--json=events`; nothing else. */
export function createJsonEventsReader(stream: Pick<TerminalStream, 'write'>): TerminalReader {
  return {
    prime() {},
    read(event) {
      stream.write(`${JSON.stringify(event)}\n`)
    },
    suspend() {},
    resume() {},
    close() {},
  }
}
