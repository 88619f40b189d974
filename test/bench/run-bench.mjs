// Runs the benchmarks: `npm run bench`, `npm run bench -- fanout --tenants 40`, `npm run bench -- faults --json --seed=7 --limit=60`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    seed: { type: 'string' },
    limit: { type: 'string' },
    tenants: { type: 'string' },
    rounds: { type: 'string' },
  },
})
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
const document = join(folder, 'document.json')
try {
  const ended = spawnSync(process.execPath, [vitest, 'run', '--project', 'bench', ...positionals], {
    // Standard output is for the document alone, where one is asked for.
    stdio: ['ignore', values.json ? 2 : 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...(values.seed && { LOCKSTEP_FAULTS_SEED: values.seed }),
      ...(values.limit && { LOCKSTEP_FAULTS_LIMIT: values.limit }),
      ...(values.tenants && { LOCKSTEP_BENCH_TENANTS: values.tenants }),
      ...(values.rounds && { LOCKSTEP_BENCH_ROUNDS: values.rounds }),
      ...(values.json && { LOCKSTEP_BENCH_JSON: document }),
    },
  })
  if (values.json && existsSync(document)) process.stdout.write(`${readFileSync(document, 'utf8')}\n`)
  process.exitCode = ended.status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
