import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { canonicalizeRun } from '../../../electron/events/canonical-run.ts'
import { aboutTenant, defineEvent } from '../../../shared/run/event-spec.ts'
import { isRunEventType, specOf } from '../../../shared/run/run-event.ts'
import { readVolatileNumber } from '../../../shared/text/volatile.ts'
import { eventSamples } from '../samples/events.ts'
import { envelop } from '../samples/runs.ts'

const folder = fileURLToPath(new URL('../../../shared/run/', import.meta.url))
const families = readdirSync(folder).filter(name => name.endsWith('-events.ts'))

it('finds each event in one family, and each family among the events of a run', async () => {
  const read = (name: string): Promise<object> => import(`${folder}${name}`)
  const modules = await Promise.all(families.map(read))
  const names = modules.flatMap(module => Object.values(module).flatMap(family => Object.keys(family)))
  expect(names.filter(name => !isRunEventType(name))).toEqual([])
  expect(names.toSorted()).toEqual(Object.keys(eventSamples).toSorted())
})

it('says of every event what it is about by a name that its fact has', () => {
  for (const fact of Object.values(eventSamples).flat()) {
    const subject = specOf(fact).subject(fact)
    const names = Object.values(fact).filter(value => typeof value === 'string')
    if (subject !== null) expect(names, fact.type).toContain(subject.name)
  }
})

it('keeps what only timing decides out of the comparison of two runs', () => {
  for (const fact of Object.values(eventSamples).flat()) {
    const isCompared = canonicalizeRun(envelop([fact])).length > 0
    expect(isCompared, fact.type).toBe(specOf(fact).timing !== 'transient')
  }
})

it('does not compile an event of which something is not said', () => {
  const all = {
    source: 'engine',
    level: 'info',
    visibility: 'always',
    subject: aboutTenant,
    words: (): string => 'it happened',
    fold: <State>(state: State): State => state,
  } as const
  type Fields = { tenant: string }
  const { words: _words, ...wordless } = all
  const { fold: _fold, ...unfolded } = all
  const { level: _level, ...unweighed } = all
  const { source: _source, ...unspoken } = all
  const { subject: _subject, ...aboutNothing } = all
  const { visibility: _visibility, ...unseen } = all
  const specs = [
    defineEvent<Fields>(all),
    // @ts-expect-error It has no words.
    defineEvent<Fields>(wordless),
    // @ts-expect-error It does not say what is known afterwards.
    defineEvent<Fields>(unfolded),
    // @ts-expect-error It does not say how bad it is.
    defineEvent<Fields>(unweighed),
    // @ts-expect-error It does not say who speaks.
    defineEvent<Fields>(unspoken),
    // @ts-expect-error It does not say what it is about.
    defineEvent<Fields>(aboutNothing),
    // @ts-expect-error It does not say who sees it.
    defineEvent<Fields>(unseen),
    // @ts-expect-error It is about a tenant, and has none.
    defineEvent<{ server: string }>(all),
  ]
  expect(specs).toHaveLength(8)
})

it('does not compile a reader that asks for what an event does not measure', () => {
  const [sampled] = eventSamples['lag.sampled']
  const [observed] = eventSamples['standby.checked']
  expect(readVolatileNumber(sampled!.volatile, 'lagBytes')).toBeTypeOf('number')
  // @ts-expect-error A sample of lag has no duration.
  expect(readVolatileNumber(sampled!.volatile, 'durationMs')).toBeNull()
  // @ts-expect-error Only what both have can be read of either.
  expect(readVolatileNumber((sampled ?? observed)!.volatile, 'durationMs')).toBeNull()
})
