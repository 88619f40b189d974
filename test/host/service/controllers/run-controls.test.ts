import { describe, expect, it } from 'vitest'
import type { PauseRecorder } from '../../../../electron/engine/context/run-control.ts'
import {
  createRunControls,
  type RunControls,
} from '../../../../electron/host/service/controllers/run-controls.ts'
import { waitUntil } from '../../../support/wait-until.ts'

const never = new AbortController().signal

describe('the controls of a run', () => {
  it('let a run pass every safe point while nobody asks for a pause', async () => {
    const { controls, told, record } = open()
    await pass(controls, record)
    expect(controls.state()).toBe('running')
    expect(told).toEqual([])
  })

  it('hold a run at the next safe point until somebody resumes it, and record all three steps', async () => {
    const { controls, told, changes, record } = open()
    controls.pause('ada')
    expect(controls.state()).toBe('pausing')
    const passing = pass(controls, record)
    await waitUntil(() => controls.state() === 'paused', 'the run to be paused')
    controls.resume('bob')
    await passing
    expect(controls.state()).toBe('running')
    expect(told).toEqual(['pausing ada', 'paused group rest', 'resumed bob'])
    expect(changes()).toBeGreaterThanOrEqual(3)
  })

  it('hold several tenants that come to a safe point at once, and record one pause', async () => {
    const { controls, told, record } = open()
    controls.pause('ada')
    const passing = Promise.all([pass(controls, record), pass(controls, record)])
    await waitUntil(() => told.filter(line => line.startsWith('paused')).length === 2, 'both to wait')
    controls.resume('ada')
    await passing
    expect(told.filter(line => line.startsWith('pausing'))).toHaveLength(1)
    expect(told.filter(line => line.startsWith('resumed'))).toHaveLength(1)
  })

  it('take a pause back that has not reached a safe point', async () => {
    const { controls, told, record } = open()
    controls.pause('ada')
    controls.resume('ada')
    await pass(controls, record)
    expect(told).toEqual([])
  })

  it('let a paused run go at once when it is aborted, without a word of resuming', async () => {
    const { controls, told, record } = open()
    controls.pause('ada')
    const passing = pass(controls, record)
    await waitUntil(() => controls.state() === 'paused', 'the run to be paused')
    controls.interrupt('abort')
    await passing
    expect(controls.state()).toBe('aborting')
    expect(controls.interruption.signal.aborted).toBe(true)
    expect(controls.interruption.name()).toBe('abort')
    expect(told).toEqual(['pausing ada', 'paused group rest'])
  })

  it('keep the first interruption, whatever comes after it', () => {
    const { controls } = open()
    controls.interrupt('abort')
    controls.interrupt('SIGTERM')
    controls.pause('ada')
    expect(controls.interruption.name()).toBe('abort')
    expect(controls.state()).toBe('aborting')
  })

  it('end waiting when the run itself is told to stop', async () => {
    const { controls, record } = open()
    const stop = new AbortController()
    controls.pause('ada')
    const passing = pass(controls, record, stop.signal)
    await waitUntil(() => controls.state() === 'paused', 'the run to be paused')
    stop.abort()
    await passing
  })
})

function open() {
  const told: string[] = []
  let changed = 0
  const controls = createRunControls(() => {
    changed += 1
  })
  const record: PauseRecorder = {
    pausing: async by => void told.push(`pausing ${by}`),
    paused: async before => void told.push(`paused ${before}`),
    resumed: async by => void told.push(`resumed ${by}`),
  }
  return { controls, told, record, changes: () => changed }
}

async function pass(controls: RunControls, record: PauseRecorder, signal = never): Promise<void> {
  await controls.interruption.control?.passSafePoint('group rest', record, signal)
}
