import { describe, expect, it } from 'vitest'
import { formatOutlook } from '../../../electron/cli/format/format-outlook.ts'
import type { GateAnswer } from '../../../shared/plan/verdict.ts'

const passed: GateAnswer = { verdict: 'passed', value: 'enough', threshold: '', evidence: [], remedy: '' }
const failed: GateAnswer = {
  verdict: 'failed',
  value: '1 session blocks',
  threshold: 'none',
  evidence: ['one', 'two', 'three', 'four'].map(fact => ({ tenant: 'ash', server: 'primary', fact })),
  remedy: 'select pg_terminate_backend(7);',
}
const needs = [{ cluster: 'main', connections: 11, preparedSlots: 3 }]

describe('the outlook of a plan', () => {
  it('names every gate, marks what holds for the moment, and shows what stops a run with its first facts', () => {
    const text = formatOutlook({
      gates: [
        { gate: 'capacity', momentary: false, answer: passed },
        { gate: 'blocking_queries', momentary: true, answer: failed },
      ],
      needs,
    })
    expect(text).toMatch(/blocking_queries would stop a run/)
    expect(text).toMatch(/passed {2}capacity: enough\n/)
    expect(text).toMatch(/failed {2}blocking_queries: 1 session blocks {2}\(now\)\n/)
    expect(text).toContain('ash on primary: three\n')
    expect(text).not.toContain('four')
    expect(text).toContain('and 1 more')
    expect(text).toContain('instead  select pg_terminate_backend(7);')
    expect(text).toContain('main: 11 connections at most, 3 prepared transactions')
  })

  it('says nothing where nothing is to migrate', () => {
    expect(formatOutlook({ gates: [], needs: [] })).toBe('')
  })
})
