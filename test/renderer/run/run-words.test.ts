import { describe, expect, it } from 'vitest'
import { createAnnouncer } from '../../../renderer/screens/run/header/announce-run.ts'
import { describeRun, stageOf, statusOfRun } from '../../../renderer/screens/run/header/describe-run.ts'
import { listPhases } from '../../../renderer/screens/run/overview/list-phases.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import { makeRun, viewOf } from '../../support/dashboard/sample-run.ts'

const middle = makeRun(100, [], 'middle')

describe('the sentence of a run', () => {
  it('says what it does now, with numbers', () => {
    expect(describeRun(viewOf(middle)).verdict).toBe('Migrating group rest: 48 of 95 tenants through.')
    expect(describeRun(viewOf(middle.slice(0, 9))).verdict).toBe(
      'Running: judging gates, 0 of 1 gate answered.',
    )
  })

  it('says of a rollback what it undoes, or that nobody went back', () => {
    const undoes = '01K2ZQ6J8S3W5T7V9X1Z3B5D7F'
    const intent = { verb: 'rollback', target: [], tenants: [], undoes } as const
    const backward = (state: RunState) =>
      describeRun({ ...viewOf(middle), state: { ...state, intent } }).verdict
    expect(backward(foldAll(middle))).toBe('Rolling back group rest: 48 of 95 tenants through.')
    expect(backward(foldAll(makeRun(20)))).toBe(
      `Rolled back run ${undoes}: 20 tenants proven to be as before it.`,
    )
    expect(backward(foldAll(makeRun(20, [3])))).toBe('Not rolled back: 20 tenants proven to be as before.')
  })

  it('says where it is held and who asked for that', () => {
    const view = viewOf(middle)
    const pause = { by: 'ada', askedAt: '2026-11-22T10:00:00.000Z', before: null }
    const pausing = { ...view, control: 'pausing' as const, state: { ...view.state, pause } }
    expect(describeRun(pausing).verdict).toBe('Pausing, asked by ada: the tenants at work finish first.')
    const held = {
      ...view,
      control: 'paused' as const,
      state: { ...view.state, pause: { ...pause, before: 'group rest' } },
    }
    expect(describeRun(held)).toEqual({
      verdict: 'Paused before group rest, asked by ada.',
      next: 'Resume the run, or abort it.',
    })
    expect(statusOfRun(held)).toBe('waiting')
  })

  it('says what an abort does while it does it', () => {
    expect(describeRun({ ...viewOf(middle), control: 'aborting' }).verdict).toBe(
      'Aborting: nothing new starts, what has begun is rolled back and proven.',
    )
  })

  it('counts the tenants that a cut-off run left locked', () => {
    const view = viewOf(middle)
    const cutOff = { ...view, summary: { ...view.summary, alive: false } }
    expect(stageOf(cutOff)).toBe('cut_off')
    expect(describeRun(cutOff).verdict).toBe(
      'The engine ended in the middle of it: 48 tenants are prepared and locked.',
    )
    expect(statusOfRun(cutOff)).toBe('errored')
  })
})

describe('the rail of phases', () => {
  it('names every phase in order, and says which were not reached', () => {
    const stops = listPhases(foldAll(makeRun(100, [3])), false, '2026-11-22T11:00:00.000Z')
    expect(stops.map(stop => `${stop.title}: ${stop.word}`)).toEqual([
      'Topology: done',
      'Planning: done',
      'Gates: done',
      'Approval: done',
      'Snapshot: done',
      'Migrate: failed',
      'Replicas: not reached',
      'Smoke tests: not reached',
      'Rollback: done',
    ])
    expect(listPhases(foldAll(makeRun(100)), false, '').at(-1)?.word).toBe('not needed')
  })

  it('shows groups as steps with how many tenants are through', () => {
    const migrate = listPhases(foldAll(middle), true, '2026-11-22T10:00:10.000Z')[5]
    expect(migrate?.status).toBe('running')
    expect(migrate?.steps.map(step => [step.title, step.status, step.progress])).toEqual([
      ['group canary', 'passed', { done: 5, total: 5 }],
      ['group rest', 'running', { done: 48, total: 95 }],
    ])
  })

  it('guesses the time left only from twenty tenants on', () => {
    const few = foldAll(makeRun(30, [], 'middle'))
    const many = foldAll(middle)
    const restOf = (state: typeof few) => listPhases(state, true, '2026-11-22T10:00:10.000Z')[5]?.steps[1]
    expect(restOf(few)?.progress?.done).toBeLessThan(20)
    expect(restOf(few)?.remainingMs).toBeNull()
    expect(restOf(many)?.remainingMs).toBeGreaterThan(0)
  })

  it('shows what was running as cut off when the process has gone', () => {
    expect(listPhases(foldAll(middle), false, '2026-11-22T10:00:10.000Z')[5]?.word).toBe('cut off')
  })
})

describe('what is said to those who do not see the screen', () => {
  function createClock() {
    let time = 0
    const waiting: { at: number; work: () => void }[] = []
    return {
      now: () => time,
      wait(milliseconds: number, work: () => void) {
        const entry = { at: time + milliseconds, work }
        waiting.push(entry)
        return () => {
          waiting.splice(waiting.indexOf(entry), 1)
        }
      },
      pass(milliseconds: number) {
        time += milliseconds
        for (const entry of waiting.splice(0)) {
          if (entry.at <= time) entry.work()
          else waiting.push(entry)
        }
      },
    }
  }

  it('is one sentence in five seconds, and always the newest', () => {
    const clock = createClock()
    const said: string[] = []
    const announcer = createAnnouncer(
      ({ polite, assertive }) => said.push(polite || `now: ${assertive}`),
      clock,
    )
    announcer.tell('1 of 9', 'running')
    for (const sentence of ['2 of 9', '3 of 9', '4 of 9']) announcer.tell(sentence, 'running')
    expect(said).toEqual(['2 of 9'])
    clock.pass(5_000)
    expect(said).toEqual(['2 of 9', '4 of 9'])
  })

  it('does not wait when something failed or needs a human', () => {
    const clock = createClock()
    const said: string[] = []
    const announcer = createAnnouncer(
      ({ polite, assertive }) => said.push(polite || `now: ${assertive}`),
      clock,
    )
    announcer.tell('running', 'running')
    announcer.tell('2 of 9', 'running')
    announcer.tell('3 of 9', 'running')
    announcer.tell('A human is needed', 'errored')
    clock.pass(10_000)
    expect(said).toEqual(['2 of 9', 'now: A human is needed'])
  })
})
