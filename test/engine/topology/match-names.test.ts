import { describe, expect, it } from 'vitest'
import { matchNames } from '../../../electron/engine/topology/match-names.ts'

const names = ['acme', 'acme-eu', 'a.c', 'abc', 'Ünïcode ✓', 'line\nbreak', '(odd)[name]']

describe('matchNames', () => {
  it.each<[string | string[], string[]]>([
    ['acme', ['acme']],
    ['acme*', ['acme', 'acme-eu']],
    ['a.c', ['a.c']],
    ['a?c', ['a.c', 'abc']],
    ['*', names],
    ['?nïcode ?', ['Ünïcode ✓']],
    ['line*', ['line\nbreak']],
    ['(odd)[name]', ['(odd)[name]']],
    ['ACME', []],
    ['', []],
    [
      ['abc', 'acme', 'abc'],
      ['acme', 'abc'],
    ],
    [[], []],
  ])('finds %j, in the order of the names', (patterns, found) => {
    expect(matchNames(names, patterns)).toEqual(found)
  })
})
