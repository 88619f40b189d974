import { describe, expect, it } from 'vitest'
import { listSteps } from '../../renderer/screens/welcome/sandbox-progress.ts'

describe('the steps of starting the sandbox', () => {
  const lines = ['initdb', 'primary is ready', 'standby-1 streams']

  it('have the last one under way, and those before it done', () => {
    expect(listSteps({ state: 'starting', lines }, [], false).map(step => step.status)).toEqual([
      'passed',
      'passed',
      'running',
    ])
  })

  it('end with the one that failed', () => {
    const failed = {
      state: 'failed',
      failure: { kind: 'sandbox_failed', problem: 'no room', fix: '' },
    } as const
    expect(listSteps(failed, lines, false).map(step => step.status)).toEqual(['passed', 'passed', 'failed'])
  })

  it('come from whoever has said more, so that none is lost and none is said twice', () => {
    const texts = (told: readonly string[], heard: readonly string[]) =>
      listSteps({ state: 'starting', lines: told }, heard, true).map(step => step.text)
    expect(texts(lines, lines.slice(1))).toEqual(lines)
    expect(texts(lines.slice(0, 1), lines)).toEqual(lines)
  })

  it('are all done once it runs', () => {
    const steps = listSteps({ state: 'running', folder: '/srv/demo' }, lines, false)
    expect(steps.map(step => step.status)).toEqual(['passed', 'passed', 'passed'])
  })
})
