import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import { makeReport } from '../../app/report/make-report.ts'
import type { FinishedRun } from '../../app/run/finish-run.ts'
import type { EventReader } from '../../engine/recording/recorder.ts'
import { describeLoss, standardError, standardOutput } from '../../host/output/safe-output.ts'
import { openRuns } from '../../host/stores/run-archive.ts'
import type { GlobalOptions } from '../arguments/read-globals.ts'
import { shouldColor } from '../terminal/choose-colors.ts'
import { chooseReader } from '../terminal/choose-reader.ts'
import { createJsonEventsReader } from '../terminal/json-events-reader.ts'
import { renderSummary } from '../terminal/render-summary.ts'
import { paintLine } from '../terminal/styled-line.ts'
import { printJson } from './print-json.ts'

/** Flags that say what is written where. */
export interface OutputOptions {
  readonly json?: string | boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** What a verb that follows a run writes: progress on standard error, one result on standard output. */
export interface Output {
  readonly readers: readonly EventReader[]
  /** True when standard output belongs to a document or to events. */
  readonly isDocument: boolean
  /** Lets the terminal take in what was before, without showing it again. */
  prime(events: readonly RunEvent[]): void
  /** Writes a line beside the progress. */
  say(line: string): void
  /** Lets a question use the terminal. */
  withTerminal<T>(use: () => Promise<T>): Promise<T>
  printDocument(document: unknown): void
  finish(finished: FinishedRun, runsFolder: string): Promise<void>
  /** Leaves the terminal as it was, also when there is no end to show. */
  close(): void
}

/** Opens the readers that fit the flags and the terminal. */
export function openReaders(options: OutputOptions, globals: GlobalOptions): Output {
  const stream = standardError
  const terminal = chooseReader({
    stream,
    env: process.env,
    isQuiet: options.quiet ?? false,
    isVerbose: options.verbose ?? false,
    colorFlag: globals.color ? null : false,
  })
  const say = (line: string): void => {
    terminal.suspend()
    stream.write(`${line}\n`)
    terminal.resume()
  }
  standardOutput.onLost(code =>
    say(
      `note: standard output cannot be written any more, ${describeLoss(code)}; the log has everything: lockstep report`,
    ),
  )
  const events = options.json === 'events' ? createJsonEventsReader(standardOutput) : null
  const readers = [terminal, ...(events ? [events] : [])]
  return {
    readers: readers.map(
      (reader): EventReader =>
        event =>
          reader.read(event),
    ),
    isDocument: options.json !== undefined,
    prime: events => terminal.prime(events),
    say,
    async withTerminal(use) {
      terminal.suspend()
      await stream.drained()
      try {
        return await use()
      } finally {
        terminal.resume()
      }
    },
    printDocument: document => {
      if (options.json === true) printJson(document)
    },
    async finish({ state }, runsFolder) {
      for (const reader of readers) reader.close()
      if (options.json === true) printJson(await makeReport(openRuns(runsFolder), state))
    },
    close: () => {
      for (const reader of readers) reader.close()
    },
  }
}

/** The final block of a run, for standard output. */
export function formatEnd(state: RunState, globals: GlobalOptions): string {
  const isColored = shouldColor({
    stream: standardOutput,
    env: process.env,
    flag: globals.color ? null : false,
  })
  return renderSummary(state)
    .map(line => `${paintLine(line, Number.POSITIVE_INFINITY, isColored)}\n`)
    .join('')
}
