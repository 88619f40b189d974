import { readFile, stat } from 'node:fs/promises'
import type { LogFilter } from '../../../shared/api/log-line.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { describeLine } from '../../../shared/log/describe-lines.ts'
import { damagedLog } from '../../adapters/run-log/load-log.ts'
import { isLogAlive } from '../../adapters/run-log/log-owner.ts'
import { pathsOfRun } from '../../adapters/run-log/run-paths.ts'
import { createRunStore } from '../../adapters/run-log/run-store.ts'
import { compareRuns } from '../../app/history/compare-runs.ts'
import { findFirstFailure } from '../../app/log-lines/find-first-failure.ts'
import type { RunHistory } from '../../app/ports/run-history.ts'
import { makeReport } from '../../app/report/make-report.ts'
import { followRun } from './follow-run.ts'
import { importLog } from './import-log.ts'
import { createSummaryList, describeFirst } from './list-summaries.ts'
import { type LocatedRun, locateRun } from './locate-run.ts'
import { createLogReader, type LogReader } from './log-reader.ts'
import { keepRecent } from './recent-values.ts'
import { searchLines } from './search-lines.ts'

/** Where runs lie. */
export interface HistoryPlaces {
  /** Folders of runs, asked again each time: a project may have been opened. */
  readonly folders: () => readonly string[]
  /** Where logs from elsewhere are kept. */
  readonly importFolder: string
}

/** Logs of which lines are kept in mind; a million lines take about 30 MB. */
const mostReaders = 6

/** A page is a window of a screen, not a way to read a whole log. */
const mostLines = 2_000

/** Longer texts cannot be handed over in one piece. */
const mostDownloadBytes = 400 * 1_024 * 1_024

/** Reads the runs of these folders. */
export function createHistory({ folders, importFolder }: HistoryPlaces): RunHistory {
  const readers = keepRecent<LogReader>(mostReaders)
  const keyOf = ({ folder, runId }: LocatedRun) => pathsOfRun(folder, runId).events
  const summaries = createSummaryList(run => {
    const reader = readers.peek(keyOf(run))
    return reader === undefined ? null : describeDamage(reader, run.folder === importFolder)
  })

  const open = async (given: string): Promise<OpenedRun> => {
    const located = await locateRun(given, [...folders(), importFolder])
    const key = keyOf(located)
    const reader = readers.get(key) ?? readers.set(key, createLogReader(located.folder, located.runId))
    return { located, reader }
  }
  const openRead = async (given: string): Promise<OpenedRun> => {
    const opened = await open(given)
    await opened.reader.catchUp()
    return opened
  }
  const openTold = async (given: string) => {
    const opened = await openRead(given)
    const summary = await summarize(opened, importFolder)
    refuseEmpty(opened, summary)
    return { ...opened, summary, state: opened.reader.state }
  }

  return {
    list: () => summaries.list(folders(), importFolder),
    async read(given) {
      const { reader, summary, state } = await openTold(given)
      return { summary, state, lag: reader.lag() }
    },
    async *follow(runId, afterSeq, signal) {
      const { located, reader } = await open(runId)
      yield* followRun(reader, located, afterSeq, signal)
    },
    async compare(left, right) {
      return compareRuns(await openTold(left), await openTold(right))
    },
    importLog: (name, text) => importLog(name, text, { folders: folders(), importFolder }),
    async report(given) {
      const { located, reader, state } = await openTold(given)
      // The reader has been through the whole log already.
      const archive = { readHeadHash: async () => reader.index.headHash }
      const report = await makeReport({ store: createRunStore(located.folder), archive }, state)
      return `${JSON.stringify(report, null, 2)}\n`
    },
    async range(given, filter, from, count) {
      const { reader } = await openRead(given)
      const filtered = reader.filter(filter)
      const first = Math.max(0, Math.floor(from))
      const lines = filtered.slice(first, first + Math.max(0, Math.min(count, mostLines)))
      const page = { from: first, total: filtered.length, all: reader.table.length }
      return { lines: await reader.readLines(lines), ...page }
    },
    async search(given, filter, query) {
      const { reader } = await openRead(given)
      return searchLines(reader, filter, query)
    },
    async firstFailure(given, filter) {
      const { reader } = await openRead(given)
      return findFirstFailure(reader.table, reader.filter(filter))
    },
    async download(given, kind) {
      const opened = await openRead(given)
      const { folder, runId } = opened.located
      const { events } = pathsOfRun(folder, runId)
      await refuseLong(events)
      if (kind === 'jsonl') return { name: `lockstep-${runId}.jsonl`, text: await readFile(events, 'utf8') }
      return { name: `lockstep-${runId}.txt`, text: await printLines(opened.reader, {}) }
    },
    close: () => readers.clear(),
  }
}

interface OpenedRun {
  readonly located: LocatedRun
  readonly reader: LogReader
}

/** From the first event to the end; null without an end. */
function durationOf({ first, state }: LogReader): number | null {
  return first === null || state.finishedAt === null
    ? null
    : Date.parse(state.finishedAt) - Date.parse(first.at)
}

async function summarize({ located, reader }: OpenedRun, importFolder: string): Promise<RunSummary> {
  const { runId, folder } = located
  const isImported = folder === importFolder
  return {
    runId,
    ...describeFirst(reader.first),
    outcome: reader.state.outcome,
    exitCode: reader.state.exitCode,
    alive: !isImported && (await isLogAlive(pathsOfRun(folder, runId).owner)),
    damage: describeDamage(reader, isImported),
    isImported,
    durationMs: durationOf(reader),
  }
}

/** A run's own log that is cut off can be recovered; one from elsewhere lacks what came after. */
function describeDamage({ index }: LogReader, isImported: boolean): string | null {
  const { problem, tornBytes, lines } = index
  if (problem !== null) return `line ${problem.line}: ${problem.problem}`
  return isImported && tornBytes > 0 ? `the log is cut off after line ${lines}` : null
}

/** A run that has just begun may be empty; one whose process is gone tells nothing. */
function refuseEmpty({ located, reader }: OpenedRun, { alive }: RunSummary): void {
  const { problem, lines } = reader.index
  if (lines > 0 || (alive && problem === null)) return
  const { events } = pathsOfRun(located.folder, located.runId)
  throw damagedLog(events, problem ?? { line: 1, problem: 'the log is empty: it holds no event' })
}

async function refuseLong(file: string): Promise<void> {
  const { size } = await stat(file)
  if (size <= mostDownloadBytes) return
  const reason = `the log has ${Math.round(size / 1e6)} MB; copy the file from the folder of the run`
  throw new LockstepError({ kind: 'not_possible', action: 'download the log', reason })
}

async function printLines(reader: LogReader, filter: LogFilter): Promise<string> {
  const filtered = reader.filter(filter)
  const texts: string[] = []
  const { length } = filtered
  for (let from = 0; from < length; from += mostLines) {
    const lines = await reader.readLines(filtered.slice(from, Math.min(from + mostLines, length)))
    texts.push(...lines.map(line => `${describeLine(line)}\n`))
  }
  return texts.join('')
}
