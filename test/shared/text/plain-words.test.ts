import { describe, expect, it } from 'vitest'
import {
  countOf,
  formatBytes,
  formatDuration,
  formatHeads,
  listNames,
  shortenText,
} from '../../../shared/text/plain-words.ts'

describe('plain words', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 0 s'],
    [125_400, '2 min 5 s'],
    [3_600_000, '1 h 0 min'],
    [5_430_000, '1 h 31 min'],
  ])('says %d milliseconds as %s', (milliseconds, words) => {
    expect(formatDuration(milliseconds)).toBe(words)
  })

  it.each([
    [null, 'unknown'],
    [0, '0 B'],
    [999, '999 B'],
    [2_400, '2.4 kB'],
    [2_400_000, '2.4 MB'],
    [2_400_000_000, '2.4 GB'],
  ])('says %s bytes as %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words)
  })

  it('counts and lists as a person does', () => {
    expect([countOf(0, 'tenant'), countOf(1, 'tenant'), countOf(2, 'tenant')]).toEqual([
      '0 tenants',
      '1 tenant',
      '2 tenants',
    ])
    expect(listNames(['a', 'b'], 2)).toBe('a, b')
    expect(listNames(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more')
    expect(formatHeads([])).toBe('base')
    expect(formatHeads(['a', 'b'])).toBe('a + b')
    expect(shortenText('create   table\n x', 12)).toBe('create tabl…')
  })
})
