import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type LockstepResult, openLockstepHome, waitForLine } from '../support/run-lockstep.ts'
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
    ...changes,
  })
}

/** Takes copies that a rollback can go back to, and goes back to nothing else. */
const byCopies = { snapshots: { data: 'always', minFreeBytes: 0 }, rollback: { ways: ['snapshot'] } }

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
    configure(byCopies)
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
    // The session has been there all the time.
    await application.query('insert into orders default values')
    for (const tenant of tenants) {
      const back = await sandbox.connect(tenant, sandbox.primary, 'app')
      await back.query('insert into orders default values')
    }
    expect((await project.run(['status'])).exitCode).toBe(0)
  },
)

it('tells whoever looks while a rollback has closed the tenants that it is at work', async () => {
  configure(byCopies)
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

it.each([
  ['all', 'hold:after:restore.close:2'],
  ['some', 'hold:after:restore.close:1'],
])('waits with --wait for a rollback at work that has closed %s tenants, then migrates', async (_, point) => {
  configure(byCopies)
  const migrated = await project.run(['run', '--yes', '--gates', 'revision_graph'])
  expect(migrated.exitCode, textOf(migrated)).toBe(0)
  const application = await sandbox.connect('fleet_a', sandbox.primary, 'app')
  await application.query('insert into orders default values')
  const running = project.start(undo, { faultPoint: point })
  await running.held
  const waiting = project.start(['run', '--yes', '--json', '--wait', '120', '--gates', 'revision_graph'])
  await waitForLine(waiting, 'run of ')
  running.resume()
  expect((await running.ended).exitCode).toBe(0)
  const ended = await waiting.ended
  expect(ended.exitCode, textOf(ended)).toBe(0)
  expect(JSON.parse(ended.stdout).tenants).toMatchObject([{ tenant: 'fleet_a' }, { tenant: 'fleet_b' }])
  const back = await sandbox.connect('fleet_a', sandbox.primary, 'app')
  await back.query('insert into orders default values')
})

const logOf = (runId: string): string => join(project.folder, '.lockstep', 'runs', runId, 'events.jsonl')

function emptyLog(log: string, kept: string): void {
  cpSync(kept, log)
  writeFileSync(log, '')
}

/** What may have happened to a log, and what is then said of it. */
const losses: readonly (readonly [string, (log: string, kept: string) => void, string])[] = [
  ['a folder in its place', log => mkdirSync(log), 'a folder is in its place (EISDIR)'],
  ['a link to itself', log => symlinkSync(log, log), 'the system says ELOOP'],
  ['no event any more', emptyLog, 'The log is empty'],
]

async function expectNamed(args: readonly string[], words: readonly string[]): Promise<void> {
  const result = await project.run(args)
  for (const word of words) expect(textOf(result), args.join(' ')).toContain(word)
  expect(textOf(result), args.join(' ')).not.toMatch(/Lockstep itself failed|before the first event/)
  expect(result.exitCode, textOf(result)).toBe(args[0] === 'doctor' ? 2 : args[0] === 'recover' ? 6 : 7)
}

/** Every vote by its gid, with both statements, and nothing done to any of them. */
async function expectVotesNamed(args: readonly string[], words: readonly string[]): Promise<void> {
  const gids = await project.prepared()
  expect(gids.length).toBeGreaterThan(0)
  const statements = gids.flatMap(gid => [`commit prepared '${gid}';`, `rollback prepared '${gid}';`])
  await expectNamed(args, [...statements, `as ${owner}`, 'docs/recovery.md', ...words])
  expect(await project.prepared()).toEqual(gids)
}

it('says what is wrong with the log of votes that are prepared, wherever it is looked for, and names each vote', async () => {
  configure({
    groups: [
      { name: 'canary', tenants: ['fleet_a'] },
      { name: 'rest', tenants: ['fleet_b'] },
    ],
  })
  const application = await sandbox.connect('fleet_b', sandbox.primary, 'app')
  const runId = await killed(['run', '--yes', '--gates', 'revision_graph'], 'kill:after:group.decided:2')
  await application.query('insert into orders default values')
  const log = logOf(runId)
  const kept = `${log}.kept`
  renameSync(log, kept)
  for (const [, lose, words] of losses) {
    lose(log, kept)
    for (const args of [['run', '--yes'], ['status'], ['doctor'], ['plan']])
      await expectNamed(args, [words, `lockstep recover ${runId}`])
    await expectVotesNamed(['recover'], [words.replace('The log', 'the log')])
    rmSync(log, { recursive: true, force: true })
  }
  const lines = readFileSync(kept, 'utf8').split('\n')
  writeFileSync(log, `${lines.slice(0, 3).join('\n')}\n`)
  await expectVotesNamed(['recover', runId], ['though votes were cast'])
  writeFileSync(log, lines.with(12, 'rubbish').join('\n'))
  for (const args of [['status'], ['doctor'], ['run', '--yes']])
    await expectNamed(args, ['is damaged: line 13'])
  await expectVotesNamed(['recover'], ['line 13'])

  // Another machine, or a folder that is lost.
  rmSync(log)
  renameSync(kept, log)
  const elsewhere = join(home.folder, 'elsewhere')
  cpSync(join(project.folder, '.lockstep'), elsewhere, { recursive: true })
  rmSync(join(project.folder, '.lockstep'), { recursive: true })
  const where = ['LOCKSTEP_STATE_DIR', 'its log is not here']
  for (const args of [['run', '--yes'], ['status'], ['doctor']]) await expectNamed(args, where)
  for (const args of [['recover'], ['recover', runId.slice(0, 12)]])
    await expectVotesNamed(args, [
      'LOCKSTEP_STATE_DIR',
      'is not here',
      join(project.folder, '.lockstep', 'runs'),
    ])
  const recovered = await project.run(['recover', runId], { environment: { LOCKSTEP_STATE_DIR: elsewhere } })
  expect(recovered.exitCode, textOf(recovered)).toBe(0)
  expect(await project.prepared()).toEqual([])
  await application.query('insert into orders default values')
  rmSync(elsewhere, { recursive: true })
})

it('says what is wrong with the log of a run that has left no vote, and lets nobody begin before it is settled', async () => {
  const runId = await killed(['run', '--yes', '--gates', 'revision_graph'], 'kill:after:tenant.started:1')
  const log = logOf(runId)
  const kept = `${log}.kept`
  renameSync(log, kept)
  for (const [, lose, words] of losses) {
    lose(log, kept)
    for (const args of [['run', '--yes'], ['status'], ['doctor']])
      await expectNamed(args, [words, `lockstep recover ${runId}`, 'Nothing is prepared'])
    if (words === 'The log is empty') break
    await expectNamed(['recover'], [words, 'what it did is not known'])
    rmSync(log, { recursive: true, force: true })
  }
  await expectNamed(['recover'], ['the log is empty', 'what it did is not known'])
  rmSync(kept)
  expect((await project.run(['run', '--yes', '--gates', 'revision_graph'])).exitCode).toBe(0)
  expect((await project.run(['recover'])).exitCode).toBe(0)
})

it('sees while a run holds its votes on another machine that it is at work', async () => {
  const running = project.start(['run', '--yes', '--gates', 'revision_graph'], {
    faultPoint: 'hold:before:group.decided:1',
  })
  await running.held
  const other = { environment: { LOCKSTEP_STATE_DIR: join(home.folder, 'other') } }
  const refused = await project.run(['recover'], other)
  expect(textOf(refused)).toContain('holds the lock of the cluster')
  expect(textOf(refused)).not.toContain('rollback prepared')
  expect(refused.exitCode).toBe(7)
  running.resume()
  expect((await running.ended).exitCode).toBe(0)
})
