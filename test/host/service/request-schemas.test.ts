import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRequestName } from '../../../electron/host/service/interface/request-risks.ts'
import { parseRequest } from '../../../electron/host/service/parse-request.ts'
import type { InputOf, RequestName } from '../../../shared/api/engine-api.ts'
import { defaultPreferences } from '../../../shared/api/preferences.ts'
import { requests } from '../../../shared/api/requests.ts'
import { sampleInputs } from './sample-inputs.ts'

const names = Object.keys(requests).filter(isRequestName)

describe('the schema of each request', () => {
  it.each(names)('lets %s through as the contract says', name => {
    expect(parseRequest(name, sampleInputs[name])).toEqual(sampleInputs[name])
  })

  it.each(names)('refuses %s with what is not an object, and with a field too many', name => {
    for (const junk of [undefined, null, 1, 'text', [], [{}], true]) expect(refuses(name, junk)).toBe(true)
    expect(refuses(name, { ...sampleInputs[name], extra: 1 })).toBe(true)
  })

  it.each(names)('refuses %s with a field too few or of another type', name => {
    for (const key of Object.keys(sampleInputs[name])) {
      const { [key as never]: _dropped, ...rest } = sampleInputs[name] as Record<string, unknown>
      expect(refuses(name, rest), key).toBe(true)
      expect(refuses(name, { ...rest, [key]: Symbol.iterator }), key).toBe(true)
      expect(refuses(name, { ...rest, [key]: -1 }), key).toBe(true)
    }
  })

  it('answers junk with a failure for every name, and with nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything({ withNullPrototype: true }), (name, input) => {
        try {
          parseRequest(name, input)
        } catch (error) {
          expect(error).toMatchObject({ failure: { kind: 'request_invalid', request: name } })
        }
      }),
    )
  })

  it.each<readonly [RequestName, unknown]>([
    ['project.open', { path: 'x'.repeat(5_000) }],
    ['plan.make', { target: [], tenants: Array.from({ length: 10_001 }, (_, n) => `t${n}`) }],
    ['plan.approve', { ...sampleInputs['plan.approve'], comment: 'x'.repeat(4_001) }],
    ['plan.approve', { ...sampleInputs['plan.approve'], planId: 'last' }],
    ['run.start', { ...sampleInputs['run.start'], planId: '../../etc/passwd' }],
    ['run.start', { ...sampleInputs['run.start'], confirmation: { kind: 'yes' } }],
    ['rollback.propose', { runId: 'last', tenants: [''] }],
    ['rollback.start', { ...sampleInputs['rollback.start'], disconnect: 'yes' }],
    ['log.range', { ...sampleInputs['log.range'], count: 5_001 }],
    ['log.range', { ...sampleInputs['log.range'], from: 1.5 }],
    ['log.search', { runId: 'last', filter: {}, query: { ...query(), text: 'x'.repeat(1_001) } }],
    ['secret.write', { server: 'primary', password: '' }],
    ['secret.write', { server: 'primary', password: 'x'.repeat(1_001) }],
    ['secret.write', { server: 'primary', password: 'x\0y' }],
    ['secret.write', { server: 'x'.repeat(301), password: 'x' }],
    ['preferences.write', { preferences: { ...defaultPreferences, theme: 'pink' } }],
    ['preferences.write', { preferences: { ...defaultPreferences, panels: { left: Number.NaN } } }],
  ])('refuses %s beyond its bounds', (name, input) => {
    expect(refuses(name, input)).toBe(true)
  })

  it('opens no log of more than 64 MB', () => {
    const text = 'x'.repeat(64 * 1_024 * 1_024 + 1)
    expect(refuses('run.import', { name: 'events.jsonl', text })).toBe(true)
    expect(refuses('run.import', { name: 'events.jsonl', text: text.slice(1) })).toBe(false)
  })
})

function query(): InputOf<'log.search'>['query'] {
  return sampleInputs['log.search'].query
}

function refuses(name: RequestName, input: unknown): boolean {
  try {
    parseRequest(name, input)
    return false
  } catch {
    return true
  }
}
