import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type LockstepResult, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const home = openLockstepHome()
let sandbox: TestSandbox
let close: () => Promise<void> = async () => undefined
let project: SmallProject

/** Owns the tenants and is no superuser; may end the sessions of others, as a rollback by copies has to. */
const owner = 'fleet_owner'
const tenants = ['fleet_a', 'fleet_b']

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  await sandbox.query(`create role ${owner} login createdb`)
  await sandbox.query(`grant pg_monitor, pg_signal_backend to ${owner}`)
  await sandbox.query('create role app login')
})

afterAll(async () => {
  await close()
  await home.close()
})

beforeEach(async () => {
  for (const { gid, database } of await sandbox.query('select gid, database from pg_prepared_xacts'))
    await sandbox.query(`rollback prepared '${gid}'`, String(database))
  for (const { datname } of await sandbox.query(
    "select datname from pg_database where datname ~ '^(fleet|lockstep)_'",
  )) {
    await sandbox.query(`alter database ${datname} allow_connections true`)
    await sandbox.query(`drop database ${datname} with (force)`)
  }
  project = await makeSmallProject({ home, sandbox, name: 'fleet', tenants })
  for (const tenant of tenants) {
    await sandbox.query(`alter database ${tenant} owner to ${owner}`)
    await sandbox.query(`grant connect on database ${tenant} to app`)
    await sandbox.query('create table orders (id serial primary key)', tenant)
    await sandbox.query('alter table orders owner to fleet_owner', tenant)
    await sandbox.query('grant all on all tables in schema public to app', tenant)
    await sandbox.query('grant all on all sequences in schema public to app', tenant)
  }
  configure()
})

function configure(changes: Readonly<Record<string, unknown>> = {}): void {
  project.configure({
    servers: [{ name: 'primary', port: sandbox.primary.port, user: owner }],
    tenants: { databases: 'fleet_*' },
    snapshots: { data: 'always', minFreeBytes: 0 },
    rollback: { ways: ['snapshot'] },
    ...changes,
  })
}

async function killed(args: readonly string[], faultPoint: string): Promise<string> {
  const ended = await project.run(args, { environment: { LOCKSTEP_FAULT: faultPoint } })
  expect(ended.exitCode, ended.stdout + ended.stderr).toBeNull()
  const runs = JSON.parse((await project.run(['runs', '--json'])).stdout)
  return runs[0].runId
}

const textOf = ({ stdout, stderr }: LockstepResult): string => stdout + stderr

const undo = ['rollback', 'last', '--yes', '--accept-loss', '--reason=a test', '--disconnect']

it.each([
  ['all', 'kill:after:restore.close:2', ['fleet_a', 'fleet_b']],
  ['some', 'kill:after:restore.close:1', ['fleet_a']],
] as const)(
  'names the rollback that has closed %s tenants and was killed, in every verb',
  async (_, point, closed) => {
    const migrated = await project.run(['run', '--yes', '--gates', 'revision_graph'])
    expect(migrated.exitCode, textOf(migrated)).toBe(0)
    const application = await sandbox.connect('fleet_a', sandbox.primary, 'app')
    await application.query('insert into orders default values')
    const runId = await killed(undo, point)
    for (const args of [['run', '--yes'], ['plan'], ['status'], ['topology'], ['drift'], ['doctor']]) {
      const result = await project.run(args)
      const text = textOf(result)
      expect(text, args.join(' ')).toContain(`lockstep recover ${runId}`)
      for (const tenant of closed) expect(text, args.join(' ')).toContain(tenant)
      expect(text, args.join(' ')).not.toMatch(/no tenants|passed over|allow_connections true/)
      const isListed = args[0] === 'topology' && closed.length === 1
      expect(result.exitCode, args.join(' ')).toBe(args[0] === 'doctor' ? 2 : isListed ? 0 : 7)
    }
    const recovered = await project.run(['recover'])
    expect(recovered.exitCode, textOf(recovered)).toBe(5)
    // Whoever was there has been there all the time.
    await application.query('insert into orders default values')
    for (const tenant of tenants) {
      const back = await sandbox.connect(tenant, sandbox.primary, 'app')
      await back.query('insert into orders default values')
    }
    expect((await project.run(['status'])).exitCode).toBe(0)
  },
)

it('tells whoever looks while a rollback has closed the tenants that it is at work', async () => {
  const migrated = await project.run(['run', '--yes', '--gates', 'revision_graph'])
  expect(migrated.exitCode, textOf(migrated)).toBe(0)
  const running = project.start(undo, { faultPoint: 'hold:after:restore.close:2' })
  await running.held
  const [newest] = JSON.parse((await project.run(['runs', '--json'])).stdout)
  for (const args of [['run', '--yes'], ['status'], ['topology']]) {
    const result = await project.run(args)
    expect(textOf(result), args.join(' ')).toContain(`lockstep ${newest.runId} holds the lock`)
    expect(result.exitCode).toBe(7)
  }
  running.resume()
  expect((await running.ended).exitCode).toBe(0)
})
