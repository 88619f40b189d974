import { describe, expect, it } from 'vitest'
import {
  belongsTo,
  definitionWithoutTail,
  followsAnother,
  isValid,
  labelsOf,
  nameOf,
  typeOf,
} from '../../electron/catalog/catalog-item.ts'
import { item } from '../engine/catalog-items.ts'

const index = (values = {}) => item('index', 'public.i', 'CREATE INDEX i ON public.t ...', values)

describe('what decides by an item', () => {
  it('takes its validity from its values, and from no word of its text', () => {
    expect(isValid(item('index', 'public."valid=0"', "... (note <> 'valid=0') valid=0"))).toBe(true)
    expect(isValid(index({ isValid: false }))).toBe(false)
    expect(isValid(item('constraint', 'public.t.c', 'CHECK (true) valid=1', { isValid: false }))).toBe(false)
    expect(isValid(item('table', 'public.t', 'valid=0'))).toBe(true)
  })

  it('knows names as the catalog has them', () => {
    expect(nameOf(item('column', '"a b"."c.d"."e""f"', 'text'))).toEqual({
      schema: 'a b',
      name: 'c.d',
      part: 'e"f',
    })
    expect(nameOf(item('schema', 'public'))).toBeNull()
    expect(nameOf(item('extension', 'citext'))).toBeNull()
  })

  it('knows types, values and whom a table follows, where there are any', () => {
    expect(typeOf(item('column', 'public.t.c', 'numeric(10,2)[]'))).toMatchObject({
      name: 'numeric',
      arguments: [10, 2],
      isArray: true,
    })
    expect(typeOf(item('table', 'public.t'))).toBeNull()
    expect(labelsOf(item('type', 'public.mood', '', { labels: ['a\\b', 'ok'] }))).toEqual(['a\\b', 'ok'])
    expect(labelsOf(item('type', 'public.code', "labels='x'"))).toEqual([])
    expect(followsAnother(item('table', 'public.t', '', { followsAnother: true }))).toBe(true)
    expect(followsAnother(item('table', 'public.t', 'partkey=LIST ((word || inherits=1))'))).toBe(false)
  })

  it('cuts off how a definition ends, and nothing that only looks like it', () => {
    const column = item('column', 'public.t.c', "text default='after=x'", { tail: 'after="a b"' })
    expect(definitionWithoutTail(column)).toBe("text default='after=x'")
    expect(definitionWithoutTail(item('column', 'public.t.c', "text default=' after=x'"))).toBe(
      "text default=' after=x'",
    )
    expect(definitionWithoutTail(index({ tail: 'primary' }))).toBe('CREATE INDEX i ON public.t ...')
    expect(definitionWithoutTail({ ...column, definition: 'printed in another way' })).toBe(
      'printed in another way',
    )
  })

  it('counts to a table what goes with it, and not what speaks of it', () => {
    const table = { schema: 'public', name: 't' }
    expect(belongsTo(index({ of: 'public.t' }), table)).toBe(true)
    expect(belongsTo(item('comment', 'public.other', 'public.t', { of: 'public.other' }), table)).toBe(false)
    expect(belongsTo(item('table', 'app.t'), table)).toBe(false)
    expect(belongsTo(item('type', 'public.t'), table)).toBe(false)
  })
})
