import { afterEach, expect, it, vi } from 'vitest'
import type { RunLogWriter } from '../../electron/engine/ports/run-log.ts'
import { withFaultPoint } from '../../electron/host/fault-points.ts'
import type { RunFact } from '../../shared/run-event.ts'

const recovering: RunFact = { type: 'recovery.started', volatile: {} }
const interrupted: RunFact = { type: 'run.interrupted', signal: 'SIGINT' }

/** A log that only remembers what was appended. */
function openMemoryLog(): RunLogWriter & { readonly kept: RunFact[] } {
  const kept: RunFact[] = []
  return {
    runId: 'run',
    kept,
    append: async fact => {
      kept.push(fact)
      return { v: 1, runId: 'run', seq: kept.length, at: '2026-01-01T00:00:00.000Z', ...fact }
    },
    close: async () => undefined,
  }
}

afterEach(() => vi.restoreAllMocks())

it('without a specification, or with one that is not understood, the log is left as it is', () => {
  const log = openMemoryLog()
  for (const specification of [undefined, '', 'kill', 'kill:during:run.started:1', 'hold:before:run.started'])
    expect(withFaultPoint(log, specification)).toBe(log)
})

it.each([
  { specification: 'kill:before:run.interrupted:1', kept: 1 },
  { specification: 'kill:after:run.interrupted:1', kept: 2 },
  { specification: 'kill:before:run.interrupted:2', kept: 3 },
])('$specification ends the process when $kept events are on record', async ({ specification, kept }) => {
  const log = openMemoryLog()
  const killed = new Promise<number>(resolve => {
    vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
      expect([pid, signal]).toEqual([process.pid, 'SIGKILL'])
      resolve(log.kept.length)
      return true
    })
  })
  const faulty = withFaultPoint(log, specification)
  void (async () => {
    for (const fact of [recovering, interrupted, recovering, interrupted]) await faulty.append(fact)
  })()
  expect(await killed).toBe(kept)
})
