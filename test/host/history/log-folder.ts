import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { genesisHash, hashLine } from '../../../electron/adapters/run-log/hash-chain.ts'
import { pathsOfRun } from '../../../electron/adapters/run-log/run-paths.ts'
import type { RunHistory } from '../../../electron/app/ports/run-history.ts'
import { createHistory } from '../../../electron/host/history/create-history.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'

/** The recorded runs, by file name. */
export const recordings: Readonly<Record<string, string>> = readRecordings()

/** A folder of runs, one for imports, and the history of both. */
export interface LogPlace {
  readonly runs: string
  readonly imports: string
  readonly history: RunHistory
  /** Stores a log under the id that its first line names. */
  store(text: string): string
  append(runId: string, text: string): void
  fileOf(runId: string): string
  remove(): void
}

export function makeLogPlace(): LogPlace {
  const root = mkdtempSync(join(tmpdir(), 'lockstep-history-'))
  const runs = join(root, 'runs')
  const imports = join(root, 'imports')
  const history = createHistory({ folders: () => [runs], importFolder: imports })
  const fileOf = (runId: string) => pathsOfRun(runs, runId).events
  return {
    runs,
    imports,
    history,
    fileOf,
    store(text) {
      const runId = runIdOf(text)
      mkdirSync(pathsOfRun(runs, runId).folder, { recursive: true })
      writeFileSync(fileOf(runId), text)
      return runId
    },
    append: (runId, text) => appendFileSync(fileOf(runId), text),
    remove() {
      history.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

export function runIdOf(text: string): string {
  return JSON.parse(text.slice(0, text.indexOf('\n'))).runId
}

export function eventsOf(text: string): readonly RunEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map(line => {
      const { prev: _prev, ...event } = JSON.parse(line)
      return event
    })
}

/** Writes chained lines, one call after another. */
export function createChain(runId: string) {
  let prev = genesisHash
  let seq = 0
  return (facts: readonly RunFact[]): string =>
    facts
      .map(fact => {
        seq += 1
        const at = new Date(Date.UTC(2026, 0, 1) + seq * 7).toISOString()
        const line = JSON.stringify({ v: 1, runId, seq, at, ...fact, prev })
        prev = hashLine(line)
        return `${line}\n`
      })
      .join('')
}

function readRecordings(): Readonly<Record<string, string>> {
  const folder = fileURLToPath(new URL('../../fixtures/runs/', import.meta.url))
  const names = readdirSync(folder).filter(name => name.endsWith('.jsonl'))
  return Object.fromEntries(names.sort().map(name => [name, readFileSync(join(folder, name), 'utf8')]))
}
