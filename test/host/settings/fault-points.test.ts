import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import type { FaultPoint } from '../../../electron/engine/ports/boundaries.ts'
import { readFaultPoint } from '../../../electron/host/settings/fault-points.ts'

afterEach(() => vi.restoreAllMocks())

/** Passes two recoveries that are each interrupted, and counts the moments that were left behind. */
async function passAll(pass: FaultPoint, left: () => void): Promise<void> {
  for (const name of ['recovery.started', 'run.interrupted', 'recovery.started', 'run.interrupted'] as const)
    for (const when of ['before', 'after'] as const) {
      await pass(when, name)
      left()
    }
}

it('without a specification, or with one that is not understood, there is no fault point', () => {
  for (const specification of [undefined, '', 'kill', 'kill:during:run.started:1', 'hold:before:run.started'])
    expect(readFaultPoint(specification)).toBeNull()
})

it.each([
  { specification: 'kill:before:run.interrupted:1', left: 2 },
  { specification: 'kill:after:run.interrupted:1', left: 3 },
  { specification: 'kill:before:run.interrupted:2', left: 6 },
])('$specification ends the process when $left moments are past', async ({ specification, left }) => {
  let past = 0
  const killed = new Promise<number>(resolve => {
    vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
      expect([pid, signal]).toEqual([process.pid, 'SIGKILL'])
      resolve(past)
      return true
    })
  })
  const pass = readFaultPoint(specification)
  expect(pass).not.toBeNull()
  void passAll(pass!, () => {
    past += 1
  })
  expect(await killed).toBe(left)
})

it('a list names every moment that is reached, and ends nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-moments-'))
  try {
    const file = join(folder, 'moments')
    await passAll(readFaultPoint(`list:${file}`)!, () => undefined)
    expect(readFileSync(file, 'utf8').split('\n').slice(0, 5)).toEqual([
      'before:recovery.started:1',
      'after:recovery.started:1',
      'before:run.interrupted:1',
      'after:run.interrupted:1',
      'before:recovery.started:2',
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
