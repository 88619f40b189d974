import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogQuery } from '../../../shared/api/log-line.ts'
import { findStretches, toPattern } from '../../../shared/log/match-text.ts'

const query: LogQuery = { text: '', matchCase: false, wholeWord: false, isRegex: false }
const found = (text: string, change: Partial<LogQuery>) =>
  findStretches(text, { ...query, ...change }).map(([from, to]) => text.slice(from, to))

describe('looking for a text', () => {
  it('takes every character as it is, whatever expressions make of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), text => {
        expect(findStretches(`<${text}>`, { ...query, text, matchCase: true })[0]).toEqual([
          `<${text}>`.indexOf(text),
          `<${text}>`.indexOf(text) + text.length,
        ])
      }),
    )
  })

  it('minds case only when asked', () => {
    expect(found('Lock lock LOCK', { text: 'lock' })).toEqual(['Lock', 'lock', 'LOCK'])
    expect(found('Lock lock LOCK', { text: 'lock', matchCase: true })).toEqual(['lock'])
    expect(found('TÄNK tänk', { text: 'tänk' })).toEqual(['TÄNK', 'tänk'])
  })

  it('finds whole words, in any script, beside any punctuation', () => {
    expect(found('lock locked unlock lock_2 (lock) lock…', { text: 'lock', wholeWord: true })).toHaveLength(3)
    expect(found('čas časem čas', { text: 'čas', wholeWord: true })).toHaveLength(2)
    expect(found('a#1 #1 x', { text: '#1', wholeWord: true })).toEqual(['#1'])
  })

  it('matches a regular expression, also as whole words', () => {
    expect(found('ash birch beech', { text: 'b\\w+', isRegex: true })).toEqual(['birch', 'beech'])
    expect(found('ash|birch ashes', { text: 'ash|birch', isRegex: true, wholeWord: true })).toEqual([
      'ash',
      'birch',
    ])
    expect(found('abc', { text: 'x*', isRegex: true })).toEqual([])
  })

  it('says why there is no pattern', () => {
    expect(toPattern(query)).toEqual({ problem: 'there is nothing to look for' })
    expect(toPattern({ ...query, text: 'a)(b', isRegex: true })).toEqual({
      problem: "the pattern cannot be used: unmatched ')'",
    })
    expect(found('[', { text: '[', isRegex: true })).toEqual([])
  })
})
