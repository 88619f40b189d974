import { foldRun } from '../../../shared/run/fold-run.ts'
import { describePhase } from '../../../shared/run/phase.ts'
import { initialRunState, type RunState } from '../../../shared/run/run-state.ts'
import { formatDuration, toOneLine } from '../../../shared/text/plain-words.ts'
import { describeEvent } from '../../events/describe-event.ts'
import { describeWaits } from '../../events/describe-waits.ts'
import { isWorthALine } from './choose-lines.ts'
import { renderSummary } from './render-summary.ts'
import { paintLine } from './styled-line.ts'
import type { TerminalClock } from './terminal-clock.ts'
import type { TerminalReader } from './terminal-reader.ts'
import type { TerminalStream } from './terminal-stream.ts'

export interface PlainReaderOptions {
  readonly clock: TerminalClock
  readonly isColored: boolean
  /** Every event gets a line. */
  readonly isVerbose: boolean
  /** Folds phases with the workflow commands of GitHub Actions. */
  readonly isGithub: boolean
}

/** A line at least this often, so that a waiting run does not look like a dead one. */
const heartbeatMs = 30_000

/** Shows a run as plain lines: for pipes, CI and simple terminals. */
export function createPlainReader(stream: TerminalStream, options: PlainReaderOptions): TerminalReader {
  const { clock, isColored, isVerbose, isGithub } = options
  let state: RunState = initialRunState
  let lastWrite = clock.now()
  let isSuspended = false
  let isFoldOpen = false
  let isClosed = false
  const write = (line: string) => {
    stream.write(`${line}\n`)
    lastWrite = clock.now()
  }
  const stopTicking = clock.every(1_000, () => {
    const isQuietFor = clock.now() - lastWrite
    if (isSuspended || isQuietFor < heartbeatMs || state.runId === null || state.outcome !== null) return
    write(`${timeOf(new Date(clock.now()).toISOString())}  ${describeHeartbeat(state, clock.now())}`)
  })
  return {
    prime(past) {
      for (const event of past) state = foldRun(state, event)
    },
    read(event) {
      state = foldRun(state, event)
      if (isGithub && event.type === 'phase.finished' && isFoldOpen) {
        write('::endgroup::')
        isFoldOpen = false
      }
      if (isGithub && event.type === 'phase.started') {
        write(
          `::group::${describePhase(event.phase)}${event.group === null ? '' : ` of ${toOneLine(event.group)}`}`,
        )
        isFoldOpen = true
      } else if (isVerbose || isWorthALine(event, state)) {
        write(`${timeOf(event.at)}  ${describeEvent(event)}`)
      }
    },
    suspend() {
      isSuspended = true
    },
    resume() {
      isSuspended = false
      lastWrite = clock.now()
    },
    close() {
      if (isClosed) return
      isClosed = true
      stopTicking()
      if (isFoldOpen) write('::endgroup::')
      if (state.runId === null) return
      for (const line of renderSummary(state)) write(paintLine(line, Number.POSITIVE_INFINITY, isColored))
    },
  }
}

function describeHeartbeat(state: RunState, now: number): string {
  const phase = state.phases.findLast(candidate => candidate.status === 'running')
  if (phase === undefined) return 'still at work'
  const since = formatDuration(Math.max(0, now - Date.parse(phase.startedAt)))
  return `still at ${describePhase(phase.phase)} after ${since}, waiting for ${describeWaits(state)}`
}

/** The time of day in UTC, as the log has it. */
function timeOf(at: string): string {
  return at.slice(11, 23)
}
