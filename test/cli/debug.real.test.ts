import { afterAll, beforeAll, expect, it } from 'vitest'
import type { debugAreas } from '../../electron/output/debug-log.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const password = 'swordfish/77'
let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let project: SmallProject

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0, auth: 'scram' }))
  await sandbox.query(`create role migrator login password '${password}'`)
  project = await makeSmallProject({
    home,
    sandbox,
    name: 'debug',
    tenants: ['debug_a', 'debug_b'],
    config: {
      servers: [{ name: 'primary', port: sandbox.primary.port, user: 'migrator', database: 'debug_a' }],
      hooks: {
        executables: [
          { name: 'ready', before: 'migration_execution', command: ['node', '-e', '0', password] },
        ],
      },
    },
  })
  for (const tenant of project.tenants) await sandbox.query(`alter database ${tenant} owner to migrator`)
  project.writeFiles({ 'migrations/0003_note.up.sql': 'comment on table items is $$a note$$;\n' })
})

afterAll(async () => {
  await home.close()
  await close()
})

const args = ['run', '--yes', '--gates', 'revision_graph']
const run = (areas: string | undefined) =>
  project.run(args, { environment: { PGPASSWORD: password, LOCKSTEP_DEBUG: areas } })

it('LOCKSTEP_DEBUG shows sessions, statements, programs and events of a run, and no password', async () => {
  const { exitCode, stderr } = await run('*')
  expect(exitCode, stderr).toBe(0)
  const lines = stderr.split('\n').filter(line => /^\d{4}-\d\d-\d\dT[\d:.]+Z \d+ /.test(line))
  const of = (area: keyof typeof debugAreas) => lines.filter(line => line.split(' ')[2] === area).join('\n')
  expect(of('postgres')).toMatch(
    /session \d+ on primary\/debug_a at 127\.0\.0\.1:\d+ as migrator, for lockstep/,
  )
  expect(of('postgres')).toMatch(/session \d+: .* ms: create table prices/)
  expect(of('postgres')).toMatch(/session \d+: .* ms: prepare transaction/)
  expect(of('hooks')).toMatch(/started \d+: node -e 0 \*\*\*$/m)
  expect(of('hooks')).toMatch(/ended \d+: exit code 0/)
  expect(of('run')).toMatch(/#\d+ phase\.started: /)
  expect(of('run')).toMatch(/#\d+ group\.decided: /)
  expect(stderr).not.toContain(password)
})

it('writes nothing of what was not asked for', async () => {
  const { exitCode, stderr } = await run('run')
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toMatch(/Z \d+ run /)
  expect(stderr).not.toMatch(/Z \d+ (postgres|hooks) /)
  expect((await run(undefined)).stderr).not.toMatch(/^\d{4}-\d\d-\d\dT/m)
})
