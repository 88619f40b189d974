import type { LogFilter, LogLine } from '../../../shared/api/log-line.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import type { LagSample, LagSeries } from '../../../shared/api/topology-view.ts'
import { LockstepError } from '../../../shared/failure.ts'
import { foldAll } from '../../../shared/fold-run.ts'
import { describeLine } from '../../../shared/log/describe-lines.ts'
import { filterLines } from '../../../shared/log/filter-lines.ts'
import { isFailureItself } from '../../../shared/log/level-of.ts'
import { findStretches, toPattern } from '../../../shared/log/match-text.ts'
import { toLagSample } from '../../../shared/log/to-lag-sample.ts'
import { createLineMaker } from '../../../shared/log/to-log-line.ts'
import type { Outcome } from '../../../shared/outcome.ts'
import { buildReport } from '../../../shared/report/build-report.ts'
import type { RunEvent } from '../../../shared/run-event.ts'
import { findRun, listRuns } from '../find-run.ts'
import type { RunHistory } from './history.ts'

/** Where runs lie. */
export interface HistoryPlaces {
  /** Folders of runs, asked anew each time: a project may have been opened. */
  readonly folders: () => readonly string[]
  /** Where logs from elsewhere are kept. */
  readonly importFolder: string
}

/** Reads the runs of these folders. */
export function createHistory({ folders, importFolder }: HistoryPlaces): RunHistory {
  const every = () => [...folders(), importFolder]
  const list = async (): Promise<readonly RunSummary[]> =>
    (await listRuns(every())).map(run => ({
      runId: run.runId,
      project: run.project,
      startedAt: run.startedAt,
      outcome: run.outcome as Outcome | null,
      exitCode: run.exitCode,
      alive: run.alive,
      damage: run.damage,
      isImported: run.folder === importFolder,
    }))
  const load = async (given: string) => {
    const found = await findRun(given, every())
    return { found, events: await found.store.read(found.runId) }
  }
  const linesOf = async (given: string): Promise<readonly LogLine[]> =>
    (await load(given)).events.map(createLineMaker())
  const filtered = async (given: string, filter: LogFilter) => {
    const all = await linesOf(given)
    return { all: all.length, lines: filterLines(all, filter) }
  }
  return {
    list,
    async read(given) {
      const { found, events } = await load(given)
      const summary = (await list()).find(run => run.runId === found.runId)
      if (summary === undefined) throw new LockstepError({ kind: 'run_unknown', runId: given, known: [] })
      return { summary, state: foldAll(events), lag: lagOf(events) }
    },
    async *follow(runId, afterSeq, signal) {
      const found = await findRun(runId, every())
      for await (const event of found.store.follow(found.runId, afterSeq, signal)) yield [event]
    },
    async compare(left, right) {
      const [a, b] = await Promise.all(
        [left, right].map(async id => (await list()).find(run => run.runId === id)),
      )
      if (!a || !b) throw new LockstepError({ kind: 'run_unknown', runId: left, known: [] })
      return { left: a, right: b, rows: [], tenants: [] }
    },
    importLog: name =>
      Promise.reject(new LockstepError({ kind: 'file_unreadable', file: name, problem: 'not yet' })),
    report: async given =>
      JSON.stringify(buildReport(foldAll((await load(given)).events), { headHash: null })),
    async range(given, filter, from, count) {
      const { all, lines } = await filtered(given, filter)
      return { lines: lines.slice(from, from + count), from, total: lines.length, all }
    },
    async search(given, filter, query) {
      const pattern = toPattern(query)
      if ('problem' in pattern) return { total: 0, positions: [], problem: pattern.problem }
      const { lines } = await filtered(given, filter)
      const positions = lines.flatMap((line, index) =>
        findStretches(line.text, query).length > 0 ? [index] : [],
      )
      return { total: positions.length, positions: positions.slice(0, 10_000), problem: null }
    },
    async firstFailure(given, filter) {
      const { events } = await load(given)
      const { lines } = await filtered(given, filter)
      const failing = new Set(events.filter(isFailureItself).map(event => event.seq))
      const position = lines.findIndex(line => failing.has(line.line))
      return position < 0 ? { position: null, line: null } : { position, line: lines[position]?.line ?? null }
    },
    async download(given, kind) {
      const { found, events } = await load(given)
      const lines =
        kind === 'text'
          ? events.map(createLineMaker()).map(describeLine)
          : events.map(event => JSON.stringify(event))
      return {
        name: `lockstep-${found.runId}.${kind === 'text' ? 'log' : 'jsonl'}`,
        text: `${lines.join('\n')}\n`,
      }
    },
    close() {},
  }
}

function lagOf(events: readonly RunEvent[]): readonly LagSeries[] {
  const byServer = new Map<string, LagSample[]>()
  for (const event of events) {
    if (event.type === 'lag.sampled')
      byServer.set(event.server, [...(byServer.get(event.server) ?? []), toLagSample(event)])
  }
  return [...byServer].map(([server, samples]) => ({
    server,
    cluster: samples[0]?.cluster ?? '',
    samples,
    maxBytes: null,
  }))
}
