import { expect, it } from 'vitest'
import { createRunIdMaker, isRunId, newRunId } from '../../../electron/adapters/run-log/new-run-id.ts'

it('makes ids that sort in the order they were made, within a millisecond and when the clock steps back', () => {
  const times = [1_000, 1_000, 1_000, 999, 5, 1_001, 2_000_000_000_000]
  const makeId = createRunIdMaker(() => times.shift() ?? 0)
  const ids = Array.from({ length: 7 }, makeId)
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(7)
  expect(ids.every(isRunId)).toBe(true)
})

it('begins with the time in base 32', () => {
  expect(createRunIdMaker(() => 0)().slice(0, 10)).toBe('0000000000')
  expect(createRunIdMaker(() => 1_469_922_850_259)().slice(0, 10)).toBe('01ARZ3NDEK')
})

it('makes a hundred thousand different ids', () => {
  expect(new Set(Array.from({ length: 100_000 }, newRunId)).size).toBe(100_000)
})

it('takes nothing for an id that could be a path', () => {
  const others = [
    '',
    '..',
    '../01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '01arz3ndektsv4rrffq69g5fav',
    '01ARZ3NDEKTSV4RRFFQ69G5FAI',
  ]
  for (const text of others) expect(isRunId(text)).toBe(false)
})
