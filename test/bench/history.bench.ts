import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { newRunId } from '../../electron/adapters/run-log/new-run-id.ts'
import { pathsOfRun } from '../../electron/adapters/run-log/run-paths.ts'
import { createHistory } from '../../electron/host/history/create-history.ts'
import type { LogFilter } from '../../shared/api/log-line.ts'
import { writeLargeLog } from '../host/history/large-log.ts'

const lines = Number(process.env.LOCKSTEP_BENCH_LINES ?? 1_000_000)
const pages = 200
const pageLines = 256
const goalMs = 10

async function time<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const startedAt = performance.now()
  const value = await work()
  return { value, ms: performance.now() - startedAt }
}

test('windows of a log of a million lines', { timeout: 300_000 }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  try {
    const runId = newRunId()
    const { folder, events } = pathsOfRun(root, runId)
    mkdirSync(folder, { recursive: true })
    writeLargeLog(events, runId, lines)
    const history = createHistory({ folders: () => [root], importFolder: join(root, 'imports') })
    const before = measureMemory()
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const build = await time(() => history.range(runId, {}, 0, pageLines))
    expect(build.value.total).toBe(lines)
    const buildDelay = delay.max / 1e6
    delay.reset()

    const page = async (filter: LogFilter, total: number) => {
      const times: number[] = []
      for (let round = 0; round < pages; round += 1) {
        // Spread evenly, never twice the same one.
        const from = Math.floor(((round * 0.618034) % 1) * Math.max(0, total - pageLines))
        const { value, ms } = await time(() => history.range(runId, filter, from, pageLines))
        expect(value.lines.length).toBe(Math.min(pageLines, total))
        times.push(ms)
      }
      return times
    }
    const plain = await page({}, lines)
    const sparse: LogFilter = { source: 'migration', problemsWith: 1 }
    const filter = await time(() => history.range(runId, sparse, 0, 1))
    const filtered = await page(sparse, filter.value.total)
    const query = { text: 'NOTE_4', matchCase: false, wholeWord: false, isRegex: false }
    delay.reset()
    const search = await time(() => history.search(runId, {}, query))
    expect(search.value.total).toBeGreaterThan(lines / 12)
    const regex = await time(() => history.search(runId, {}, { ...query, text: 'note_[45] ', isRegex: true }))
    const searchDelay = delay.max / 1e6
    const failure = await time(() => history.firstFailure(runId, {}))
    const grown = measureMemory() - before

    const show = (name: string, value: string) => `  ${name.padEnd(46)}${value}`
    const text = [
      `a log of ${lines} lines, ${(statSync(events).size / 1e6).toFixed(0)} MB`,
      show('proven, folded and indexed, once', `${build.ms.toFixed(0)} ms`),
      show('longest wait of others meanwhile', `${buildDelay.toFixed(0)} ms`),
      show(
        `page of ${pageLines} lines, median / p95`,
        `${quantile(plain, 0.5)} / ${quantile(plain, 0.95)} ms`,
      ),
      show('first page under a filter for problems', `${filter.ms.toFixed(1)} ms`),
      show(
        `page of ${pageLines} lines under it, median / p95`,
        `${quantile(filtered, 0.5)} / ${quantile(filtered, 0.95)} ms`,
      ),
      show('search for a text over all lines', `${search.ms.toFixed(0)} ms, ${search.value.total} matches`),
      show('search by a regular expression', `${regex.ms.toFixed(0)} ms, ${regex.value.total} matches`),
      show('longest wait of others meanwhile', `${searchDelay.toFixed(0)} ms`),
      show('first failure', `${failure.ms.toFixed(1)} ms`),
      show('memory for it', `${(grown / 1e6).toFixed(0)} MB`),
      show('full scan / page', `${(build.ms / Number(quantile(plain, 0.5))).toFixed(0)}`),
      show(`page in ${goalMs} ms (p95)`, Number(quantile(plain, 0.95)) <= goalMs ? 'yes' : 'NO'),
    ]
    process.stdout.write(`\n${text.join('\n')}\n\n`)
    history.close()
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

/** What is still reachable. */
function measureMemory(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(2)
}
