import { foldRun } from '../../../shared/run/fold-run.ts'
import { initialRunState, type RunState } from '../../../shared/run/run-state.ts'
import { renderSummary } from './render-summary.ts'
import { paintLine } from './styled-line.ts'
import type { TerminalReader } from './terminal-reader.ts'
import type { TerminalStream } from './terminal-stream.ts'

/** Says nothing about a run that ends well, and the final block about any other. */
export function createQuietReader(
  stream: TerminalStream,
  options: { readonly isColored: boolean },
): TerminalReader {
  let state: RunState = initialRunState
  let isClosed = false
  return {
    prime(past) {
      for (const event of past) state = foldRun(state, event)
    },
    read(event) {
      state = foldRun(state, event)
    },
    suspend() {},
    resume() {},
    close() {
      if (isClosed || state.runId === null || state.exitCode === 0) return
      isClosed = true
      for (const line of renderSummary(state)) {
        stream.write(`${paintLine(line, Number.POSITIVE_INFINITY, options.isColored)}\n`)
      }
    },
  }
}
