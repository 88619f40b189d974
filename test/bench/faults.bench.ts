import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { countVerdicts, formatMatrix, formatProblem } from '../faults/format-matrix.ts'
import { runMatrix } from '../faults/run-matrix.ts'

const seed = Number(process.env.LOCKSTEP_FAULTS_SEED ?? 1)
const limit = Number(process.env.LOCKSTEP_FAULTS_LIMIT ?? 540)
const lanes = Number(process.env.LOCKSTEP_FAULTS_LANES ?? Math.min(4, availableParallelism()))
/** Where the document goes that is asked for with `--json`; see `run-bench.mjs`. */
const file = process.env.LOCKSTEP_BENCH_JSON

const say = (line: string): void => void process.stderr.write(`${line}\n`)

test('kills and faults of servers at every boundary of a run', { timeout: 10_800_000 }, async () => {
  say(`seed ${seed}, ${limit} cases, ${lanes} at a time`)
  let count = 0
  const results = await runMatrix({
    ...{ seed, limit, lanes },
    onResult: result => {
      count += 1
      if (result.verdict !== 'settled') say(formatProblem(result))
      if (count % 20 === 0) say(`${count} of ${limit}`)
    },
  })
  const totals = countVerdicts(results)
  const problems = results.filter(one => one.verdict !== 'settled')
  if (file) writeFileSync(file, JSON.stringify({ ...totals, seed, problems }))
  else process.stdout.write(`\n${formatMatrix(results).join('\n')}\n\n`)
  expect(problems.map(formatProblem)).toEqual([])
})
