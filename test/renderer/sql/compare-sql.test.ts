import { describe, expect, it } from 'vitest'
import { compareSql, foldSame, pairLines } from '../../../renderer/sql/compare-sql.ts'

const same = Array.from({ length: 20 }, (_, line) => `line ${line};`)

describe('the comparison of two routes', () => {
  it('numbers both sides, and marks the words that changed inside of a line', () => {
    const lines = compareSql('a;\nadd column x int;\nb;', 'a;\nadd column x bigint;\nb;')!
    expect(lines.map(({ kind, left, right }) => [kind, left, right])).toEqual([
      ['same', 1, 1],
      ['removed', 2, null],
      ['added', null, 2],
      ['same', 3, 3],
    ])
    expect(lines[1]!.spans.filter(span => span.isChanged).map(span => span.text)).toEqual(['int'])
    expect(lines[2]!.spans.map(span => span.text).join('')).toBe('add column x bigint;')
  })

  it('folds what is the same but for three lines around a change, and loses no line', () => {
    const parts = foldSame(compareSql(same.join('\n'), [...same, 'new;'].join('\n'))!)
    expect(parts.map(part => [part.kind, part.lines.length])).toEqual([
      ['gap', 17],
      ['lines', 4],
    ])
  })

  it('folds everything where nothing differs', () => {
    expect(foldSame(compareSql('a\nb', 'a\nb')!).map(part => part.kind)).toEqual(['gap'])
  })

  it('puts a changed line beside the one that took its place', () => {
    const pairs = pairLines(compareSql('a\nold\nb', 'a\nnew\nmore\nb')!)
    expect(pairs.map(({ left, right }) => [left?.left ?? null, right?.right ?? null])).toEqual([
      [1, 1],
      [2, 2],
      [null, 3],
      [3, 4],
    ])
  })

  it('gives up in time on two texts that have nothing in common', () => {
    const left = Array.from({ length: 60_000 }, (_, line) => `left ${line * 7}`).join('\n')
    const right = Array.from({ length: 60_000 }, (_, line) => `right ${line * 11}`).join('\n')
    expect(compareSql(left, right, 50)).toBeNull()
  })
})
