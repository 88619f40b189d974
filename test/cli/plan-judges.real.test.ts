import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import type { JudgedPlan } from '../../electron/app/plan/judge-plan.ts'
import { gateNames } from '../../shared/plan/verdict.ts'
import { needs } from '../support/needs.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { runAtTerminal } from '../support/terminal.ts'
import { waitUntil } from '../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const atTerminal = needs('python')
let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let project: SmallProject

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  await sandbox.query('create role mover login createdb in role pg_read_all_stats')
  await sandbox.query('create role app login')
  const server = { name: 'primary', port: sandbox.primary.port, user: 'mover' }
  project = await makeSmallProject({ home, sandbox, name: 'judged', config: { servers: [server] } })
  project.writeFiles({
    'migrations/0003_more.up.sql': 'alter table items add more text;\n',
    'migrations/0003_more.down.sql': 'alter table items drop more;\n',
  })
  for (const tenant of project.tenants) {
    await sandbox.query(`alter database ${tenant} owner to mover`)
    await sandbox.query(`grant connect on database ${tenant} to app, mover`)
    await sandbox.query('alter schema public owner to mover', tenant)
    await sandbox.query('grant usage on schema public to app', tenant)
  }
  const { exitCode, stderr } = await project.run(['run', '--yes', '--target', '0002'])
  expect(exitCode, stderr).toBe(0)
  for (const tenant of project.tenants) await sandbox.query('grant all on items to app', tenant)
})

afterAll(async () => {
  await home.close()
  await close()
})

async function judge(...more: readonly string[]) {
  const { exitCode, stdout, stderr } = await project.run(['plan', '--json', ...more])
  const { planId, gates, needs: needed }: JudgedPlan & { readonly planId: string } = JSON.parse(stdout)
  return { exitCode, stderr, planId, gates, needed, of: new Map(gates.map(one => [one.gate, one])) }
}

it('judges every gate now while an application writes, as a role that is no superuser', async () => {
  const app = await sandbox.connect(project.tenants[0], sandbox.primary, 'app')
  let isOver = false
  const writing = (async () => {
    for (let id = 2; !isOver; id += 1) await app.query('insert into items values ($1, $2)', [id, 'x'])
  })()
  const before = await project.readTenants()
  const free = await judge('--fail-on=error')
  isOver = true
  await writing
  expect(free.exitCode, free.stderr).toBe(0)
  expect(free.gates.map(({ gate }) => gate)).toEqual([...gateNames])
  expect(free.of.get('blocking_queries')).toMatchObject({ momentary: true, answer: { verdict: 'passed' } })
  expect(free.needed).toMatchObject([{ cluster: 'main', preparedSlots: project.tenants.length }])
  expect(free.needed[0]?.connections).toBeGreaterThan(0)
  expect(free.of.get('capacity')?.answer.value).toContain(`needs ${free.needed[0]?.connections} connections`)

  // The same application, now in a transaction that it does not end.
  project.configure({
    servers: [{ name: 'primary', port: sandbox.primary.port, user: 'mover' }],
    gates: {
      replica_lag: { requireStandbys: false },
      blocking_queries: { longTransactionSeconds: 0.1, idleInTransactionSeconds: 0.1 },
    },
  })
  await app.query('begin')
  await app.query("update items set name = 'y'")
  await app.query('select pg_sleep(0.3)')
  const blocked = await judge('--fail-on=error', '--report=junit:junit.xml', '--report=sarif:lockstep.sarif')
  expect(blocked.exitCode).toBe(3)
  expect(blocked.of.get('blocking_queries')).toMatchObject({ momentary: true, answer: { verdict: 'failed' } })
  expect(readFileSync(join(project.folder, 'junit.xml'), 'utf8')).toMatch(
    /<testcase[^>]*name="blocking_queries"[^>]*>\s*<failure/,
  )
  const sarif = JSON.parse(readFileSync(join(project.folder, 'lockstep.sarif'), 'utf8'))
  expect(sarif.runs[0].results).toContainEqual(
    expect.objectContaining({ ruleId: 'blocking_queries', level: 'error' }),
  )
  const { exitCode, stdout } = await project.run(['plan'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/Gates {2}blocking_queries would stop a run/)
  expect(stdout).toMatch(/failed {2}blocking_queries: [^\n]*\(now\)\n/)
  await app.query('rollback')
  await app.end()
  expect((await judge()).planId).toBe(blocked.planId)
  expect(await project.readTenants()).toEqual(before)
  expect(await project.prepared()).toEqual([])
})

atTerminal('shows the verdicts and the connections before a run asks for approval', async () => {
  const before = await project.readTenants()
  const terminal = runAtTerminal([process.execPath, inject('launcher'), 'run'], {
    folder: project.folder,
    environment: { ...home.environment, NO_COLOR: '1', PGPASSWORD: sandbox.superuser.password ?? undefined },
  })
  await waitUntil(() => terminal.text().includes('Type yes:'), 'the question', 60)
  expect(terminal.text()).toMatch(/passed {2}blocking_queries: [^\r\n]*\(now\)/)
  expect(terminal.text()).toMatch(/main: \d+ connections at most/)
  terminal.press('no\r')
  expect(await terminal.ended).toBe(4)
  expect(await project.readTenants()).toEqual(before)
})
