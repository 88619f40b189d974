import { expect, inject } from 'vitest'
import { needs } from '../support/needs.ts'
import { formatMatrix, formatProblem } from './format-matrix.ts'
import { runMatrix } from './run-matrix.ts'

const test = needs('python', 'older postgres', 'pg_dump', 'root', 'a disk of its own')

/** A part of the matrix that takes some minutes; another seed chooses another one. */
const seed = Number(process.env.LOCKSTEP_FAULTS_SEED ?? 7)
const limit = 24

test('whatever part of the matrix of faults is chosen, everybody is settled as was promised', {
  timeout: 1_200_000,
}, async () => {
  expect(inject('launcher')).not.toBe('')
  process.stderr.write(`seed ${seed} (LOCKSTEP_FAULTS_SEED), ${limit} cases\n`)
  const results = await runMatrix({ seed, limit, lanes: 2, onResult: () => undefined })
  process.stderr.write(`${formatMatrix(results).join('\n')}\n`)
  expect(results).toHaveLength(limit)
  expect(results.filter(one => one.verdict !== 'settled').map(formatProblem)).toEqual([])
})
