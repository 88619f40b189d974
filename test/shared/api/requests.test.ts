import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Handlers } from '../../../electron/host/service/context/service-context.ts'
import type { ChangingRequest, InputOf, OutputOf, RequestName } from '../../../shared/api/engine-api.ts'
import { requests } from '../../../shared/api/requests.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import { readSources } from '../../structure/read-sources.ts'

const sources = readSources(fileURLToPath(new URL('../../..', import.meta.url)))

/** What a file loads when it runs: types are gone by then. */
function listLoaded(file: string): readonly string[] {
  const text = sources[file] ?? ''
  const specifiers = [...text.matchAll(/^(?:import|export)(?! type\b)[^;]*?from '([^']+)'/gms)]
  return specifiers.map(([, name = '']) =>
    name.startsWith('.') ? posix.join(posix.dirname(file), name) : name,
  )
}

/** Everything that is loaded from some files on. */
function listReached(from: readonly string[]): ReadonlySet<string> {
  const reached = new Set(from)
  for (const file of reached) for (const next of listLoaded(file)) reached.add(next)
  return reached
}

describe('the table of requests', () => {
  it('says of each whether it changes something', () => {
    expectTypeOf<(typeof requests)[RequestName]['risk']>().toEqualTypeOf<'reads' | 'changes'>()
    expectTypeOf<'run.start'>().toExtend<ChangingRequest>()
    expectTypeOf<'run.list'>().not.toExtend<ChangingRequest>()
    expect(Object.keys(requests)).toHaveLength(new Set(Object.keys(requests)).size)
  })

  it('gives screens the types of what is carried and what is answered', () => {
    expectTypeOf<InputOf<'run.compare'>>().toEqualTypeOf<{ readonly left: string; readonly right: string }>()
    expectTypeOf<InputOf<'plan.make'>['tenants']>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<OutputOf<'run.list'>>().toEqualTypeOf<readonly RunSummary[]>()
  })

  it('asks for a handler of each', () => {
    expectTypeOf<keyof Handlers>().toEqualTypeOf<RequestName>()
    expectTypeOf<Omit<Handlers, 'run.list'>>().not.toExtend<Handlers>()
  })

  it('loads no schema into a screen', () => {
    const screens = Object.keys(sources).filter(file => file.startsWith('renderer/'))
    expect(screens.length).toBeGreaterThan(100)
    expect([...listReached(screens)].filter(file => file === 'zod')).toEqual([])
    expect([...listReached(['shared/api/requests.ts'])]).toContain('zod')
  })
})
