import { expect, test } from 'vitest'
import { createEarlyEnd } from '../../../electron/cli/output/end-early.ts'
import type { Outcome } from '../../../shared/run/outcome.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'

const started: RunFact = {
  type: 'tenant.started',
  group: 'all',
  tenant: 'ash',
  from: [],
  to: ['1'],
  volatile: {},
}
const finished = (outcome: Outcome, exitCode: number): RunFact => ({
  type: 'run.finished',
  outcome,
  exitCode,
  failure: null,
  volatile: {},
})

function leaveAfter(facts: readonly RunFact[], otherwise: Outcome = 'interrupted') {
  const said: string[] = []
  const documents: unknown[] = []
  const leaver = createEarlyEnd({
    close: () => undefined,
    say: line => void said.push(line),
    printDocument: document => void documents.push(document),
  })
  facts.forEach((fact, index) => {
    const event: RunEvent = { v: 1, seq: index + 1, at: '2026-01-01T00:00:00.000Z', runId: 'r1', ...fact }
    leaver.reader(event)
  })
  return { exitCode: leaver.end(otherwise), said: said.join(), documents }
}

test('a tenant that has begun may be prepared when somebody leaves at once', () => {
  const { exitCode, said, documents } = leaveAfter([started])
  expect(exitCode).toBe(6)
  expect(said).toContain('tenants may stay prepared and locked. Next: lockstep recover r1')
  expect(documents).toHaveLength(1)
})

test.each([
  ['interrupted', 130],
  ['rolled_back', 5],
  ['migrated', 0],
] as const)('a run that has ended as %s leaves nothing, whenever somebody leaves', (outcome, exitCode) => {
  const left = leaveAfter([started, finished(outcome, exitCode)])
  expect(left.exitCode).toBe(exitCode)
  expect(left.said).toBe('left at once: the run had come to its end. Next: lockstep report r1')
})

test('a run that ended and needs a human is not called settled by leaving', () => {
  const { exitCode, said } = leaveAfter([started, finished('needs_human', 6)])
  expect(exitCode).toBe(6)
  expect(said).toContain('may stay prepared')
})

test('an internal error after a good end is no success', () => {
  expect(leaveAfter([started, finished('migrated', 0)], 'tool_failed').exitCode).toBe(1)
})
