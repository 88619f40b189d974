import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
})

afterEach(async () => {
  expect(await home.traces()).toEqual([])
})

afterAll(async () => {
  await home.close()
  await close()
})

it('stops a run at a statement that locks a large table, and lets it through once somebody has said why', async () => {
  const project = await makeSmallProject({ home, sandbox, name: 'lint', tenants: ['lint_a', 'lint_b'] })
  // No table is large to begin with: the plan makes them all itself.
  project.configure({ lint: { largeTableRows: 0 } })
  const first = await project.run(['run', '--yes'])
  expect(first.exitCode, first.stderr).toBe(0)
  await sandbox.query('analyze items', 'lint_b')

  const sql = 'create index items_name_idx on items (name);\n'
  project.writeFiles({ 'migrations/0003_index.up.sql': `\n${sql}` })
  const stopped = await project.run(['run', '--yes'])
  expect(stopped.exitCode).toBe(3)
  expect(`${stopped.stdout}${stopped.stderr}`).toContain(
    'migrations/0003_index.up.sql:2: index_without_concurrently: building items_name_idx blocks every write to items (about 1 row)',
  )
  expect(await project.readTenants()).toEqual({ lint_a: '0002 with prices', lint_b: '0002 with prices' })

  project.writeFiles({
    'migrations/0003_index.up.sql': `-- lockstep: allow index_without_concurrently: one row\n${sql}`,
  })
  const accepted = await project.run(['run', '--yes'])
  expect(accepted.exitCode, accepted.stderr).toBe(0)
  expect(await project.readTenants()).toEqual({ lint_a: '0003 with prices', lint_b: '0003 with prices' })
})
