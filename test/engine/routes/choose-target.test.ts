import { describe, expect, it } from 'vitest'
import { chooseTarget } from '../../../electron/engine/routes/choose-target.ts'

const branched = { heads: ['0003a', '0003b'] }
const straight = { heads: ['0003'] }
const choose = (given: string[], target: string | string[] | undefined, graph: { heads: string[] }) =>
  chooseTarget(given, { migrations: target === undefined ? {} : { target } }, graph)

describe('the target', () => {
  it.each<[string, string[], string | string[] | undefined, { heads: string[] }, string[]]>([
    ['the one head, where nothing is said', [], undefined, straight, ['0003']],
    ['the one head by its name', ['head'], undefined, straight, ['0003']],
    ['what is configured', [], '0002', straight, ['0002']],
    ['what is asked for, whatever is configured', ['0001'], '0002', straight, ['0001']],
    ['one of several heads that is asked for', ['0003b'], undefined, branched, ['0003b']],
    ['one of several heads that is configured', [], ['0003a'], branched, ['0003a']],
    ['all of several heads where they are asked for', ['heads'], undefined, branched, branched.heads],
    ['all of several heads where they are configured', [], 'heads', branched, branched.heads],
  ])('is %s', (_what, given, configured, graph, target) => {
    expect(choose(given, configured, graph)).toEqual({ target, failure: null })
  })

  it.each([[undefined], ['head']])('is not chosen from several heads for %s', configured => {
    expect(choose([], configured, branched)).toMatchObject({
      target: null,
      failure: { kind: 'several_heads', heads: branched.heads },
    })
  })
})
