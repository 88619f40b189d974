import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const home = openLockstepHome()
let sandbox: TestSandbox
let close: () => Promise<void> = async () => undefined
let shop: SmallProject
let billing: SmallProject
let killedRun: string

const quick = ['--gates', 'revision_graph', 'capacity', 'blocking_queries']

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  shop = await ownedProject('shop')
  billing = await ownedProject('billing')
  const ended = await billing.run(['run', '--yes', ...quick], {
    environment: { LOCKSTEP_FAULT: 'kill:before:group.decided:1' },
  })
  expect(ended.exitCode, ended.stderr).toBeNull()
  expect(await billing.prepared()).toHaveLength(2)
  killedRun = JSON.parse((await billing.run(['runs', '--json'])).stdout)[0].runId
})

afterAll(async () => {
  await close()
  await home.close()
})

/** A project whose role owns its tenants and is no superuser. */
async function ownedProject(name: string): Promise<SmallProject> {
  const tenants = ['a', 'b'].map(letter => `${name}_${letter}`)
  const project = await makeSmallProject({ home, sandbox, name, tenants })
  await sandbox.query(`create role ${name}_owner login createdb`)
  // Who is in the way is shown to its members alone.
  await sandbox.query(`grant pg_monitor to ${name}_owner`)
  for (const tenant of tenants) await sandbox.query(`alter database ${tenant} owner to ${name}_owner`)
  project.configure({
    servers: [{ name: 'primary', port: sandbox.primary.port, user: `${name}_owner` }],
    tenants: { databases: `${name}_*` },
  })
  return project
}

it('names the votes of another project as what they are, and is not stopped by them', async () => {
  const status = await shop.run(['status'])
  expect(status.stdout).toContain(`Run ${killedRun} (its log is not here) has 2 votes prepared on primary`)
  expect(status.stdout).toContain('billing_a, billing_b')
  expect(status.stdout).toContain('2 behind')
  expect(status.stdout).not.toMatch(/a run is open|lockstep recover/)
  expect(status.exitCode).toBe(0)
  const document = JSON.parse((await shop.run(['status', '--json'])).stdout)
  expect(document).toMatchObject({
    blocked: null,
    openRuns: [],
    otherRuns: [{ runId: killedRun, project: null, votes: [{ database: 'billing_a' }, {}] }],
    readiness: { verdict: 'ready', action: { kind: 'make_plan' } },
  })
  const doctor = await shop.run(['doctor'])
  expect(doctor.stdout).toContain('They lock no tenant of this project, but take 2 prepared slots')
  expect(doctor.stdout).not.toContain('lockstep recover')
  expect(doctor.exitCode, doctor.stdout).toBe(0)
  const recovered = await shop.run(['recover'])
  expect(recovered.stderr).toContain(`nothing to recover`)
  expect(recovered.stderr).not.toContain('rollback prepared')
  expect(recovered.exitCode).toBe(0)
  expect(await shop.prepared()).toHaveLength(2)
})

it('migrates beside the votes of another project while an application writes', async () => {
  await sandbox.query('create role app login')
  await sandbox.query('grant connect on database shop_a to app')
  await sandbox.query('create table orders (id serial primary key)', 'shop_a')
  await sandbox.query('grant all on all tables in schema public to app', 'shop_a')
  await sandbox.query('grant all on all sequences in schema public to app', 'shop_a')
  const application = await sandbox.connect('shop_a', sandbox.primary, 'app')
  let isOver = false
  let written = 0
  const writing = (async () => {
    while (!isOver) {
      await application.query('insert into orders default values')
      written += 1
    }
  })()
  const result = await shop.run(['run', '--yes', ...quick, '--json'])
  isOver = true
  await writing
  expect(result.exitCode, result.stderr).toBe(0)
  expect(JSON.parse(result.stdout).outcome).toBe('migrated')
  expect(await shop.readTenants()).toEqual({ shop_a: '0002 with prices', shop_b: '0002 with prices' })
  const [kept] = await sandbox.query('select count(*)::int as orders from orders', 'shop_a')
  expect(kept?.orders).toBe(written)
  expect(await billing.prepared()).toHaveLength(2)
})

it('does not settle a run whose log says that it is of another project', async () => {
  copyFileSync(join(shop.folder, 'lockstep.yml'), join(billing.folder, 'shop.yml'))
  const config = ['--config', 'shop.yml']
  const named = await billing.run([...config, 'recover', killedRun])
  expect(named.stderr).toContain('is of project billing, and this is project shop')
  expect(named.exitCode).toBe(2)
  const unnamed = await billing.run([...config, 'recover'])
  expect(unnamed.stderr).toContain(`of other projects: ${killedRun}`)
  expect(unnamed.exitCode).toBe(0)
  const status = await billing.run([...config, 'status'])
  expect(status.stdout).toContain(`Run ${killedRun} of project billing has 2 votes prepared`)
  expect(status.stdout).not.toContain('unfinished')
  const runs = await billing.run([...config, 'runs'])
  expect(runs.stdout).toContain('unfinished, of project billing')
  expect(runs.stdout).not.toContain('lockstep recover')
  expect(await billing.prepared()).toHaveLength(2)
})

it('says whose votes they are where another project has them in databases of this one', async () => {
  shop.configure({
    tenants: { databases: '*_a' },
    servers: [{ name: 'primary', port: sandbox.primary.port }],
  })
  copyFileSync(join(shop.folder, 'lockstep.yml'), join(billing.folder, 'shop.yml'))
  const config = ['--config', 'shop.yml']
  for (const args of [['status'], ['plan'], ['run', '--yes'], ['doctor']]) {
    const { stdout, stderr, exitCode } = await billing.run([...config, ...args])
    expect(stdout + stderr, args.join(' ')).toContain(
      `Run ${killedRun} of project billing has left 2 votes in databases of this project`,
    )
    expect(exitCode, args.join(' ')).toBe(args[0] === 'doctor' ? 2 : 7)
  }
  expect(await billing.prepared()).toHaveLength(2)
})

it('lets the project that ran it recover it, and says whose lock is in the way meanwhile', async () => {
  const running = billing.start(['recover'], { faultPoint: 'hold:after:lock.acquire:1' })
  await running.held
  shop.configure({ tenants: { databases: 'shop_*' } })
  const status = await shop.run(['status', '--json'])
  expect(JSON.parse(status.stdout)).toMatchObject({
    blocked: { kind: 'run_locked', holder: expect.stringContaining(killedRun) },
    openRuns: [],
  })
  expect(status.exitCode).toBe(7)
  running.resume()
  expect((await running.ended).exitCode).toBe(5)
  expect(await shop.prepared()).toEqual([])
  const after = JSON.parse((await shop.run(['status', '--json'])).stdout)
  expect(after).toMatchObject({ blocked: null, otherRuns: [] })
})
