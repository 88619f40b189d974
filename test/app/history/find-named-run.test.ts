import { describe, expect, it } from 'vitest'
import { findNamedRun } from '../../../electron/app/history/find-named-run.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'

const newer = { runId: '01K2ZQ6J8S3W5T7V9X1Z3B5D7F', place: 'own', undoes: undefined }
const older = { runId: '01K2ZP0000000000000000000A', place: 'own', undoes: undefined }
const elsewhere = { ...older, place: 'other' }
const runs = [newer, older, elsewhere]

describe('a run that is named', () => {
  it.each([
    ['its whole id', newer.runId],
    ['its beginning', '01K2ZQ'],
    ['its beginning in small letters', '01k2zq6j'],
    ['last, the newest', 'last'],
  ])('is found by %s', (_how, given) => {
    expect(findNamedRun(given, runs)).toBe(newer)
  })

  it('is that of the first place where it lies in two', () => {
    expect(findNamedRun('01K2ZP', runs)).toBe(older)
  })

  it('is the newest of those that count, for last alone', () => {
    expect(findNamedRun('last', runs, run => run !== newer)).toBe(older)
    expect(findNamedRun('01K2ZQ', runs, run => run !== newer)).toBe(newer)
  })

  it.each(['01K2Z', '01K3', '', ' '])('is not guessed from "%s", and the newest are named', given => {
    let thrown: unknown
    try {
      findNamedRun(given, runs)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(LockstepError)
    expect((thrown as LockstepError).failure).toEqual({
      kind: 'run_unknown',
      runId: given,
      known: [newer.runId, older.runId],
    })
  })

  it('is none where there are none', () => {
    expect(() => findNamedRun('last', [])).toThrow(LockstepError)
  })
})
