import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PauseRecorder, RunControl } from '../../electron/engine/context/run-control.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { type EngineFixture, eventsOf, openEngineFixture } from '../support/engine-fixture.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture()
})
afterAll(() => fixture.close())
beforeEach(() => fixture.reset())

/** A promise, and how to keep it. */
function openGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const passed = new Promise<void>(resolve => {
    open = resolve
  })
  return { passed, open }
}

/** Holds a run at its first safe point whose name begins so, until it is let go. */
function holdBefore(place: string) {
  const held = openGate()
  const letGo = openGate()
  const seen: string[] = []
  const control: RunControl = {
    async passSafePoint(before: string, record: PauseRecorder, signal: AbortSignal) {
      seen.push(before)
      if (!before.startsWith(place) || seen.filter(name => name.startsWith(place)).length > 1) return
      await record.pausing('ada')
      await record.paused(before)
      held.open()
      const aborted = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
      await Promise.race([letGo.passed, aborted])
      await record.resumed('ada')
    },
  }
  return { control, held: held.passed, letGo: letGo.open, seen }
}

const isPause = (event: RunEvent): boolean => event.type.startsWith('run.pa') || event.type === 'run.resumed'

describe('a run that a person holds', () => {
  it('waits before the first group with nothing prepared, and goes on to the same end', async () => {
    const hold = holdBefore('group canary')
    const never = new AbortController().signal
    const running = fixture.run({ interruption: { signal: never, name: () => null, control: hold.control } })
    await hold.held
    expect(await fixture.prepared()).toEqual([])
    hold.letGo()
    const run = await running
    expect(run.outcome).toBe('migrated')
    expect(run.events.filter(isPause).map(event => event.type)).toEqual([
      'run.pausing',
      'run.paused',
      'run.resumed',
    ])
  })

  it('cannot be held between two groups while the second one is prepared', async () => {
    const hold = holdBefore('group rest')
    const never = new AbortController().signal
    const run = await fixture.run({
      interruption: { signal: never, name: () => null, control: hold.control },
    })
    expect(run.outcome).toBe('migrated')
    expect(hold.seen).toEqual(['group canary'])
  })

  it('can be held between two groups that vote one after the other', async () => {
    const hold = holdBefore('group rest')
    const never = new AbortController().signal
    const running = fixture.run({
      settings: { vote: 'group' },
      interruption: { signal: never, name: () => null, control: hold.control },
    })
    await hold.held
    expect(await fixture.prepared()).toEqual([])
    hold.letGo()
    expect((await running).outcome).toBe('migrated')
  })

  it('is held before each tenant that migrates alone', async () => {
    const hold = holdBefore('tenant birch')
    const never = new AbortController().signal
    const running = fixture.run({
      settings: { groups: [{ name: 'rest', tenants: '*', mode: 'independent', parallel: 1 }] },
      interruption: { signal: never, name: () => null, control: hold.control },
    })
    await hold.held
    const heads = Object.entries(await fixture.read()).map(([name, reading]) => `${name} ${reading.heads}`)
    expect(heads.filter(line => line.endsWith('0001'))).toEqual(['birch 0001', 'cedar 0001'])
    hold.letGo()
    expect((await running).outcome).toBe('migrated')
  })

  it('can be aborted while it is held: nothing was changed, and that is proven', async () => {
    const hold = holdBefore('group canary')
    const controller = new AbortController()
    const before = await fixture.read()
    const running = fixture.run({
      interruption: {
        signal: controller.signal,
        name: () => (controller.signal.aborted ? 'abort' : null),
        control: hold.control,
      },
    })
    await hold.held
    controller.abort()
    const run = await running
    expect(run).toMatchObject({ outcome: 'interrupted', exitCode: 130 })
    expect(eventsOf(run.events, 'run.interrupted')).toMatchObject([{ signal: 'abort' }])
    expect(await fixture.read()).toEqual(before)
  })
})

describe('a run in production', () => {
  const production = { environment: { name: 'acme-prod', protection: 'production' } }

  it.each([
    ['nothing', null],
    ['a click', { kind: 'acknowledged' }],
    ['the name of another place', { kind: 'named', environment: 'acme-staging', reason: 'release 41' }],
    ['no reason', { kind: 'named', environment: 'acme-prod', reason: ' ' }],
  ] as const)('is refused by the engine when %s was confirmed', async (_title, confirmation) => {
    const before = await fixture.read()
    const run = await fixture.run({
      settings: production,
      approval: { answer: 'approved', how: 'flag', by: 'ada', confirmation },
    })
    expect(run).toMatchObject({
      outcome: 'approval_refused',
      exitCode: 4,
      failure: { kind: 'confirmation_missing', level: 3, environment: 'acme-prod' },
    })
    expect(await fixture.read()).toEqual(before)
  })

  it('begins when its name and a reason were given, and keeps the reason', async () => {
    const confirmation = { kind: 'named', environment: 'acme-prod', reason: 'release 41' } as const
    const run = await fixture.run({
      settings: production,
      approval: { answer: 'approved', how: 'flag', by: 'ada', confirmation },
    })
    expect(run.outcome).toBe('migrated')
    expect(eventsOf(run.events, 'approval.recorded')).toMatchObject([
      { volatile: { by: 'ada', reason: 'release 41' } },
    ])
  })
})
