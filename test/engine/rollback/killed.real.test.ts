import { spawn } from 'node:child_process'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import {
  type EngineFixture,
  eventsOf,
  openEngineFixture,
  type Settings,
} from '../../support/engine-fixture.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
})
beforeEach(() => fixture.reset())
afterAll(() => fixture?.close())

/** Undoes the last run with the built command line, which kills itself at a point; gives the id of the run that it leaves. */
async function killAt(faultPoint: string, settings: Settings): Promise<string> {
  fixture.writeProject(settings)
  const args = ['rollback', 'last', '--yes', '--quiet', '--config', fixture.file]
  const child = spawn(process.execPath, [inject('launcher'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      LOCKSTEP_STATE_DIR: fixture.stateFolder,
      LOCKSTEP_FAULT: `kill:${faultPoint}`,
    },
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const signal = await new Promise(resolve => child.once('close', (_code, by) => resolve(by)))
  expect(signal, `${faultPoint}: ${errors}`).toBe('SIGKILL')
  const [newest] = await fixture.withPorts(({ store }) => store.list())
  expect(newest).toMatchObject({ outcome: null, alive: false, damage: null, undoes: expect.any(String) })
  return newest?.runId ?? ''
}

test.each([
  ['before:group.decided:1', 'rolled_back'],
  ['after:group.decided:1', 'migrated'],
])('settles a rollback by its downgrade that is killed %s: %s', async (point, outcome) => {
  fixture.addMigrations({ '0002_email.down.sql': 'alter table users drop constraint users_email_key' })
  const before = await fixture.read()
  await fixture.run()
  const after = await fixture.read()
  const killed = await killAt(point, {})
  if (point.startsWith('before')) await refuseProposal(killed)
  const recovered = await fixture.recover(killed)
  expect(recovered.outcome).toBe(outcome)
  expect(await fixture.read()).toEqual(outcome === 'migrated' ? before : after)
  expect(eventsOf(recovered.events, 'rollback.proven').every(event => event.equal)).toBe(true)
  expect(await fixture.prepared()).toEqual([])
})

/** Its votes hold locks on what would be counted: who proposes meanwhile is told of the run at once. */
async function refuseProposal(killed: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [inject('launcher'), 'rollback', 'last', '--propose', '--config', fixture.file],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, LOCKSTEP_STATE_DIR: fixture.stateFolder },
    },
  )
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  expect(await new Promise(resolve => child.once('close', resolve)), errors).toBe(7)
  expect(errors).toContain(`lockstep recover ${killed}`)
}

// Two copies are prepared, then both databases closed, then swapped: the fifth is told right after the swap.
test.each([
  ['after:tenant.restoring:4', 'rolled_back'],
  ['before:tenant.restoring:5', 'migrated'],
])('settles a rollback by copies that is killed %s: %s', async (point, outcome) => {
  const settings = { snapshots: { data: 'always', minFreeBytes: 0 }, rollback: { ways: ['snapshot'] } }
  const before = await fixture.read()
  await fixture.run({ settings })
  const after = await fixture.read()
  const killed = await killAt(point, settings)
  const recovered = await fixture.recover(killed, { settings })
  expect(recovered.outcome).toBe(outcome)
  expect(await fixture.read()).toEqual(outcome === 'migrated' ? before : after)
  expect(eventsOf(recovered.events, 'rollback.proven').every(event => event.equal)).toBe(true)
  expect(
    await fixture.sandbox.query("select 1 from pg_database where datname like 'lockstep_restore%'"),
  ).toEqual([])
  for (const { datname } of await fixture.sandbox.query(
    "select datname from pg_database where datname like 'lockstep%'",
  ))
    await fixture.sandbox.query(`drop database ${String(datname)}`)
})
