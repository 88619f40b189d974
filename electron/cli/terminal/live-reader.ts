import { foldRun } from '../../../shared/run/fold-run.ts'
import { initialRunState, type RunState } from '../../../shared/run/run-state.ts'
import { measureText } from './measure-text.ts'
import { renderPhases, renderProgress } from './render-progress.ts'
import { renderSummary } from './render-summary.ts'
import { paintLine, type StyledLine } from './styled-line.ts'
import type { TerminalClock } from './terminal-clock.ts'
import type { TerminalReader } from './terminal-reader.ts'
import type { TerminalStream } from './terminal-stream.ts'

export interface LiveReaderOptions {
  readonly clock: TerminalClock
  readonly isColored: boolean
  /** Registers what must happen when the process ends early; returns how to take it back. */
  readonly onProcessEnd: (restore: () => void) => () => void
}

const redrawMs = 100
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

/** Shows a run on a terminal, redrawn in place. */
export function createLiveReader(stream: TerminalStream, options: LiveReaderOptions): TerminalReader {
  const { clock, isColored, onProcessEnd } = options
  let state: RunState = initialRunState
  /** Columns of each line on the screen, as it was drawn. */
  let drawn: readonly number[] = []
  let drawnText = ''
  let isHidden = false
  let isSuspended = false
  let isClosed = false

  const width = () => Math.max(20, stream.columns || 80)
  const paint = (lines: readonly StyledLine[]) =>
    // The last column stays free: some terminals wrap when it is written.
    lines.map(line => paintLine(line, width() - 1, isColored))

  const erase = () => {
    if (drawn.length === 0) return
    stream.write(`\u001b[${countRows(drawn, width())}A\r\u001b[J`)
    drawn = []
    drawnText = ''
  }
  const draw = () => {
    if (isSuspended || isClosed || state.runId === null || stream.isBehind) return
    const lines = keepLast(renderProgress(state, clock.now()), Math.max(4, (stream.rows ?? 24) - 1))
    const text = paint(lines)
      .map(line => `${line}\n`)
      .join('')
    if (text === drawnText) return
    erase()
    stream.write((isHidden ? '' : hideCursor) + text)
    isHidden = true
    drawn = lines.map(line => measureLine(line, width() - 1))
    drawnText = text
  }
  const restore = () => {
    if (isHidden) stream.write(showCursor)
    isHidden = false
  }
  const stopTicking = clock.every(redrawMs, draw)
  const forget = onProcessEnd(restore)

  return {
    prime(past) {
      for (const event of past) state = foldRun(state, event)
    },
    read(event) {
      const isFirst = drawn.length === 0 && !isSuspended
      state = foldRun(state, event)
      if (isFirst) draw()
    },
    suspend() {
      isSuspended = true
      erase()
      restore()
    },
    resume() {
      isSuspended = false
      draw()
    },
    close() {
      if (isClosed) return
      isClosed = true
      stopTicking()
      forget()
      erase()
      restore()
      if (state.runId === null) return
      const phases = renderPhases(state, clock.now()).map(line => paintLine(line, width() - 1, isColored))
      // The final block is not cut: it is what gets copied, and a terminal may wrap it.
      const summary = renderSummary(state).map(line => paintLine(line, Number.POSITIVE_INFINITY, isColored))
      stream.write([...phases, ...summary].map(line => `${line}\n`).join(''))
    },
  }
}

function measureLine(line: StyledLine, most: number): number {
  return Math.min(
    most,
    line.reduce((sum, { text }) => sum + measureText(text), 0),
  )
}

/** A window that became narrower has wrapped what was drawn before: it takes more rows now. */
function countRows(lines: readonly number[], width: number): number {
  return lines.reduce((rows, columns) => rows + Math.max(1, Math.ceil(columns / width)), 0)
}

/** What does not fit on the screen could never be erased again; the newest is at the bottom. */
function keepLast(lines: readonly StyledLine[], most: number): readonly StyledLine[] {
  return lines.length <= most ? lines : lines.slice(lines.length - most)
}
