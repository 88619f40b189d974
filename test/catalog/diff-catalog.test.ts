import { describe, expect, it } from 'vitest'
import { diffCatalog } from '../../electron/catalog/diff-catalog.ts'

const item = (ident: string, definition = '') => ({ kind: 'column', ident, definition })

describe('the difference of two schemas', () => {
  it('is empty for equal ones in whatever order', () => {
    expect(diffCatalog([item('a'), item('b')], [item('b'), item('a')])).toEqual([])
  })

  it('names what came, went and changed', () => {
    const before = [item('kept'), item('gone'), item('moved', 'int')]
    const after = [item('moved', 'text'), item('kept'), item('new')]
    expect(diffCatalog(before, after)).toEqual(['- column gone', '~ column moved', '+ column new'])
  })

  it('sees that one of two objects of one name is gone', () => {
    expect(diffCatalog([item('a', '1'), item('a', '2')], [item('a', '2')])).toEqual(['~ column a'])
  })

  it('counts what it does not show', () => {
    const many = Array.from({ length: 25 }, (_, index) => item(`c${String(index).padStart(2, '0')}`))
    const lines = diffCatalog([], many)
    expect(lines).toHaveLength(21)
    expect(lines.at(-1)).toBe('... and 5 more')
  })
})
