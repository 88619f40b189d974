import type { LogFilter, LogLine } from '../../../shared/api/log-line.ts'
import type { LagSample, LagSeries } from '../../../shared/api/topology-view.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { toLagSample } from '../../../shared/log/to-lag-sample.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { initialRunState, type RunState } from '../../../shared/run/run-state.ts'
import { createLogIndex, type LogIndex } from '../../adapters/run-log/log-index.ts'
import { createFilteredLines, type FilteredLines } from '../../app/log-lines/filtered-lines.ts'
import { createLineTable, type LineTable } from '../../app/log-lines/line-table.ts'
import { toLogLine } from '../../events/to-log-line.ts'
import { keepRecent, type RecentValues } from './recent-values.ts'

/** Gaps of fewer lines than this are read along with their neighbours. */
const joinedGap = 16

/** At most so many bytes are read and parsed in one go. */
const stretchBytes = 512 * 1024

/** Everything that is known about one log, kept up with it. Requests at the same time share one pass over the file. */
export interface LogReader {
  readonly index: LogIndex
  readonly table: LineTable
  readonly state: RunState
  /** The first event; null while there is none. */
  readonly first: RunEvent | null
  /** Reads on until this line is known or the log ends; without a line, until its end. */
  catchUp(untilLine?: number): Promise<void>
  lag(): readonly LagSeries[]
  /** The lines that a filter leaves, as of the last `catchUp`. */
  filter(filter: LogFilter): FilteredLines
  /** Events by line, ascending, counted from 0. */
  readEvents(lines: readonly number[]): Promise<readonly RunEvent[]>
  readLines(lines: readonly number[]): Promise<readonly LogLine[]>
}

/** A reader that has read nothing yet. */
export function createLogReader(folder: string, runId: string): LogReader {
  let knowledge = createKnowledge(folder, runId)
  let turn: Promise<unknown> = Promise.resolve()
  const advance = (): Promise<'more' | 'end'> => {
    const next = turn.then(async () => {
      const result = await knowledge.index.advance()
      if (result !== 'replaced') return result
      knowledge = createKnowledge(folder, runId)
      return 'more'
    })
    turn = next.catch(() => undefined)
    return next
  }
  const readEvents = async (lines: readonly number[]): Promise<readonly RunEvent[]> => {
    const { index } = knowledge
    const stretches = joinNeighbours(lines, index.lengthOf)
    const read = await index.read(stretches)
    const events: RunEvent[] = []
    for (const [number, { from, wanted }] of stretches.entries()) {
      for (const line of wanted) {
        const event = read[number]?.[line - from]
        if (event === undefined)
          throw new LockstepError({ kind: 'internal', message: `line ${line + 1} is not there` })
        events.push(event)
      }
    }
    return events
  }
  return {
    get index() {
      return knowledge.index
    },
    get table() {
      return knowledge.table
    },
    get state() {
      return knowledge.state
    },
    get first() {
      return knowledge.first
    },
    async catchUp(untilLine = Number.POSITIVE_INFINITY) {
      while (knowledge.table.length < untilLine) if ((await advance()) === 'end') return
    },
    lag: () =>
      [...knowledge.lag].map(([server, samples]) => ({
        server,
        cluster: samples[0]?.cluster ?? '',
        samples: [...samples],
        maxBytes: null,
      })),
    filter(filter) {
      const { table, filters } = knowledge
      const key = JSON.stringify(Object.entries(filter).sort())
      const lines = filters.get(key) ?? filters.set(key, createFilteredLines(table, filter))
      lines.update()
      return lines
    },
    readEvents,
    async readLines(lines) {
      const { table } = knowledge
      return (await readEvents(lines)).map(event => toLogLine(event, table.contextAt(event.seq - 1)))
    },
  }
}

interface Knowledge {
  readonly index: LogIndex
  readonly table: LineTable
  readonly lag: ReadonlyMap<string, LagSample[]>
  readonly filters: RecentValues<FilteredLines>
  readonly state: RunState
  readonly first: RunEvent | null
}

function createKnowledge(folder: string, runId: string): Knowledge {
  const table = createLineTable()
  const lag = new Map<string, LagSample[]>()
  let state = initialRunState
  let first: RunEvent | null = null
  const index = createLogIndex(folder, runId, event => {
    first ??= event
    table.add(event)
    state = foldRun(state, event)
    if (event.type !== 'lag.sampled') return
    const samples = lag.get(event.server)
    if (samples === undefined) lag.set(event.server, [toLagSample(event)])
    else samples.push(toLagSample(event))
  })
  return {
    index,
    table,
    lag,
    filters: keepRecent(8),
    get state() {
      return state
    },
    get first() {
      return first
    },
  }
}

interface Stretch {
  readonly from: number
  readonly to: number
  readonly wanted: readonly number[]
}

/** Lines that lie near each other are read at once, as far as they are not too long for that. */
function joinNeighbours(lines: readonly number[], lengthOf: (line: number) => number): readonly Stretch[] {
  const stretches: { from: number; to: number; wanted: number[] }[] = []
  let bytes = 0
  for (const line of lines) {
    const last = stretches.at(-1)
    bytes += lengthOf(line)
    if (last !== undefined && line - last.to < joinedGap && bytes < stretchBytes) {
      last.to = line + 1
      last.wanted.push(line)
    } else {
      stretches.push({ from: line, to: line + 1, wanted: [line] })
      bytes = lengthOf(line)
    }
  }
  return stretches
}
