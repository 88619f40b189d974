import { describe, expect, it } from 'vitest'
import type { HooksAround, Lease, Phase, PhaseState, Step } from '../../../electron/engine/phases/phase.ts'
import { runPhase } from '../../../electron/engine/phases/run-phase.ts'
import { endingOf, listPhases, runPhases } from '../../../electron/engine/phases/run-phases.ts'
import { Recorder } from '../../../electron/engine/recording/recorder.ts'
import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { PhaseName } from '../../../shared/run/phase.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'
import { makeFakeClock } from '../fake-clock.ts'

interface Told extends PhaseState {
  readonly told: string[]
}

const group = {
  name: 'eu',
  mode: 'atomic',
  modeReason: 'asked for',
  wave: 1,
  parallel: 1,
  tenants: [],
} as const
const refusal: Failure = { kind: 'cancelled', reason: 'told to stop' }

/** A run that writes down, in one list, what is recorded, asked and done. */
function makeRun(broken: readonly RunFact['type'][] = []): Told {
  const told: string[] = []
  const append = async (fact: RunFact): Promise<RunEvent> => {
    if (broken.includes(fact.type)) throw new LockstepError({ kind: 'internal', message: 'the disk is full' })
    if (fact.type === 'phase.started') told.push(`begin ${fact.phase} ${fact.group ?? ''}`.trim())
    if (fact.type === 'phase.finished') told.push(`end ${fact.phase}: ${fact.status}, ${fact.message}`)
    return { ...fact, seq: told.length, at: '2026-01-01T00:00:00.000Z' } as RunEvent
  }
  const recorder = new Recorder({ runId: 'r', append, close: async () => undefined } as never, [])
  return { told, recorder, clock: makeFakeClock() }
}

/** Hooks that write down where they are asked; the ones of `stops` stop the run. */
function askTelling(...stops: readonly string[]): HooksAround<Told> {
  const ask: HooksAround<Told>['before'] = async ({ told }, { moment, phase, group }) => {
    const place = `${moment} ${phase}${group === null ? '' : ` of ${group}`}`
    told.push(`ask ${place}`)
    return stops.includes(place) ? refusal : null
  }
  return { before: ask, after: ask }
}

/** A phase that finds out that it was there. */
function makePhase(name: PhaseName, more: Partial<Phase<Told, { readonly [name: string]: true }>> = {}) {
  const phase: Phase<Told, { readonly [name: string]: true }> = {
    name,
    hooks: askTelling(),
    async work({ told }) {
      told.push(`work ${name}`)
      return { status: 'success', message: 'well', found: { [name]: true } }
    },
    ...more,
  }
  return phase
}

const endThere: Step<Told, never> = {
  work: async () => ({ kind: 'over', ending: { outcome: 'migrated', failure: null } }),
}

describe('a list of phases', () => {
  it('records each phase between the hooks before it and those after it', async () => {
    const run = makeRun()
    const end = await runPhases(
      listPhases<Told>().phase(makePhase('planning')).phase(makePhase('approval')),
      run,
    )
    expect(end).toMatchObject({ kind: 'done', state: { planning: true, approval: true } })
    expect(run.told).toEqual([
      'ask before planning',
      'begin planning',
      'work planning',
      'end planning: success, well',
      'ask after planning',
      'ask before approval',
      'begin approval',
      'work approval',
      'end approval: success, well',
      'ask after approval',
    ])
  })

  it('ends at the first failure, and asks no hook after it', async () => {
    const run = makeRun()
    const stopped = makePhase('planning', {
      work: async () => ({ status: 'failed', message: 'no plan', failure: refusal }),
    })
    const end = await runPhases(listPhases<Told>().phase(stopped).phase(makePhase('approval')), run)
    expect(end).toEqual({ kind: 'failed', failure: refusal })
    expect(run.told).toEqual(['ask before planning', 'begin planning', 'end planning: failed, no plan'])
  })

  it('gives what follows a failure the state that the phase says', async () => {
    const run = makeRun()
    const stopped: Phase<Told, { readonly failure: Failure | null }> = {
      name: 'migration_execution',
      hooks: askTelling(),
      work: async () => ({ status: 'failed', message: 'rolled back', failure: refusal }),
      afterFailure: (_run, failure) => ({ failure }),
    }
    const end = await runPhases(listPhases<Told>().phase(stopped).phase(makePhase('rollback')), run)
    expect(end).toMatchObject({ kind: 'done', state: { failure: refusal, rollback: true } })
  })

  it('goes on where a phase is recorded as failed and has found something out all the same', async () => {
    const run = makeRun()
    const doubtful = makePhase('rollback', {
      work: async () => ({ status: 'failed', message: 'one is left', found: { doubt: true } }),
    })
    const end = await runPhases(listPhases<Told>().phase(doubtful), run)
    expect(end).toMatchObject({ kind: 'done', state: { doubt: true } })
    expect(run.told).not.toContain('ask after rollback')
  })

  it('skips a phase with its hooks, and its record', async () => {
    const run = makeRun()
    const skipped = makePhase('rollback', { skip: () => ({ skipped: true }) })
    const end = await runPhases(listPhases<Told>().phase(skipped), run)
    expect(end).toMatchObject({ kind: 'done', state: { skipped: true } })
    expect(run.told).toEqual([])
  })

  it('is over where a step says so', async () => {
    const run = makeRun()
    const end = await runPhases(listPhases<Told>().step(endThere), run)
    const never = (): never => {
      throw new Error('it has not failed')
    }
    expect(endingOf(end, never)).toEqual({ outcome: 'migrated', failure: null })
  })

  it('holds a lease until the end of the list, and gives it back after a failure too', async () => {
    const run = makeRun()
    const lock: Lease<Told, { readonly lock: string }> = {
      async lend({ told }, rest) {
        told.push('take')
        const end = await rest({ lock: 'held' })
        told.push('give back')
        return end
      },
    }
    const stopped = makePhase('planning', { hooks: askTelling('before planning') })
    const end = await runPhases(listPhases<Told>().holding(lock).phase(stopped), run)
    expect(end).toEqual({ kind: 'failed', failure: refusal })
    expect(run.told).toEqual(['take', 'ask before planning', 'give back'])
  })

  it('fails where a lease cannot be had', async () => {
    const none: Lease<Told, object> = { lend: () => Promise.reject(new LockstepError(refusal)) }
    const end = await runPhases(listPhases<Told>().holding(none).phase(makePhase('planning')), makeRun())
    expect(end).toEqual({ kind: 'failed', failure: refusal })
  })
})

describe('one phase', () => {
  it('turns what is thrown into a failure, and says so on record', async () => {
    const run = makeRun()
    const thrown = makePhase('planning', { work: () => Promise.reject(new LockstepError(refusal)) })
    expect(await runPhase(thrown, run)).toEqual({ kind: 'failed', failure: refusal })
    expect(run.told.at(-1)).toBe('end planning: failed, stopped by an error')
  })

  it('fails by a hook before it without being begun', async () => {
    const run = makeRun()
    const phase = makePhase('planning', { hooks: askTelling('before planning') })
    expect(await runPhase(phase, run)).toEqual({ kind: 'failed', failure: refusal })
    expect(run.told).toEqual(['ask before planning'])
  })

  it('fails by a hook after it, also where the list then goes on', async () => {
    const phase = makePhase('rollback', {
      hooks: askTelling('after rollback'),
      afterFailure: () => ({ doubt: true }),
    })
    expect(await runPhase(phase, makeRun())).toEqual({ kind: 'found', found: { doubt: true } })
  })

  it('names the group whose turn it is, in its events and to its hooks', async () => {
    const run = { ...makeRun(), group }
    await runPhase(makePhase('smoke_test'), run)
    expect(run.told.slice(0, 2)).toEqual(['ask before smoke_test of eu', 'begin smoke_test eu'])
  })

  it('does not begin where its start cannot be recorded', async () => {
    const run = makeRun(['phase.started'])
    expect(await runPhase(makePhase('planning'), run)).toMatchObject({ kind: 'failed' })
    expect(run.told).toEqual(['ask before planning'])
  })

  it('undoes also where nothing can be recorded any more', async () => {
    const run = makeRun(['phase.started', 'phase.finished'])
    expect(await runPhase(makePhase('rollback'), run)).toMatchObject({ kind: 'found' })
    expect(run.told).toContain('work rollback')
  })

  it('reports what it did also where its end cannot be recorded', async () => {
    const run = makeRun(['phase.finished'])
    expect(await runPhase(makePhase('approval'), run)).toMatchObject({ kind: 'found' })
  })
})
