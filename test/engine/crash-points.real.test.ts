import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { verifyRunLog } from '../../electron/adapters/run-log/verify-run-log.ts'
import { renderSummary } from '../../electron/cli/terminal/render-summary.ts'
import { foldAll } from '../../shared/run/fold-run.ts'
import { type RunEvent, specOf } from '../../shared/run/run-event.ts'
import {
  defaultMigrations,
  type EngineFixture,
  eventsOf,
  openEngineFixture,
  type Settings,
  type TenantReading,
} from '../support/engine-fixture.ts'
import { waitUntil } from '../support/wait-until.ts'

let fixture: EngineFixture
let before: Readonly<Record<string, TenantReading>>
beforeAll(async () => {
  fixture = await openEngineFixture()
  before = await fixture.read()
})
afterAll(() => fixture?.close())

/** The table and the words that a person reads at the end of a run. */
const textOf = (events: readonly RunEvent[]): string =>
  renderSummary(foldAll(events))
    .map(line => line.map(({ text }) => text).join(''))
    .join('\n')

/** Runs the built command line until it kills itself; gives the id of the run that it leaves. */
async function runUntilKilled(
  faultPoint: string,
  verb: 'run' | 'recover' = 'run',
  settings: Settings = {},
): Promise<string> {
  fixture.writeProject(settings)
  const args = verb === 'run' ? ['run', '--yes', '--gates', 'revision_graph'] : ['recover']
  const child = spawn(process.execPath, [inject('launcher'), ...args, '--quiet', '--config', fixture.file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LOCKSTEP_STATE_DIR: fixture.stateFolder, LOCKSTEP_FAULT: faultPoint },
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const signal = await new Promise(resolve => child.once('close', (_code, by) => resolve(by)))
  expect(signal, `${faultPoint}: ${errors}`).toBe('SIGKILL')
  const [newest] = await fixture.withPorts(({ store }) => store.list())
  expect(newest).toMatchObject({ outcome: null, alive: false, damage: null })
  return newest?.runId ?? ''
}

/** Every moment between two events of a clean run, by the event that comes next, and the moments after those that matter most. */
function listPoints(events: readonly RunEvent[]): readonly string[] {
  const first = events.findIndex(event => event.type === 'tenant.started')
  const seen = new Map<string, number>()
  return events.flatMap((event, index) => {
    if (specOf(event).timing === 'transient') return []
    const occurrence = (seen.get(event.type) ?? 0) + 1
    seen.set(event.type, occurrence)
    if (index < first) return []
    const point = `${event.type}:${occurrence}`
    return event.type === 'group.decided' ? [`before:${point}`, `after:${point}`] : [`before:${point}`]
  })
}

/** What the record of a dead run demands: the fleet has voted before its first decision, which is therefore one about every tenant. */
function expectationOf(events: readonly RunEvent[]) {
  const isDecided = eventsOf(events, 'group.decided').some(event => event.decision === 'commit')
  return isDecided ? { forward: fixture.tenants, exitCode: 0 } : { forward: [], exitCode: 5 }
}

async function checkRecovered(runId: string, recorded: readonly RunEvent[]): Promise<void> {
  const { forward, exitCode } = expectationOf(recorded)
  const recovered = await fixture.recover(runId)
  expect(recovered.exitCode).toBe(exitCode)
  expect(await fixture.prepared()).toEqual([])
  const after = await fixture.read()
  for (const [tenant, was] of Object.entries(before)) {
    if (forward.some(name => name === tenant)) expect(after[tenant]?.heads).toEqual(['0002'])
    else expect(after[tenant]).toEqual(was)
  }
  expect(recovered.events.at(-1)).toMatchObject({ type: 'run.finished', exitCode })
  const runsFolder = `${fixture.stateFolder}/runs`
  expect(await verifyRunLog(runsFolder, runId)).toMatchObject({ complete: true, problem: null })
  const again = await fixture.recover(runId)
  expect(again.exitCode).toBe(exitCode)
  expect(await fixture.read()).toEqual(after)
  // A run that needs a human is looked at again each time; any other end is final.
  if (exitCode !== 6) expect(again.events).toHaveLength(recovered.events.length)
}

/** Tenants that committed are made again; the others are as they were, which has just been proven. */
async function putBack(): Promise<void> {
  for (const [tenant, { heads }] of Object.entries(await fixture.read()))
    if (heads.join() !== '0001') await fixture.resetTenant(tenant)
}

describe('a run that is killed', () => {
  it('between any two of its steps is settled by recovery as its record says', {
    timeout: 900_000,
  }, async () => {
    const clean = await fixture.run()
    expect(clean.outcome).toBe('migrated')
    await putBack()
    const points = listPoints(clean.events)
    expect(points.length).toBeGreaterThan(30)
    for (const point of points) {
      const runId = await runUntilKilled(`kill:${point}`)
      const recorded = await fixture.withPorts(({ store }) => store.read(runId))
      await checkRecovered(runId, recorded).catch(error => {
        throw new Error(`killed ${point}`, { cause: error })
      })
      await putBack()
    }
  })

  it('again and again while it recovers is settled by the recovery that comes to its end', async () => {
    for (const decision of ['before', 'after']) {
      const runId = await runUntilKilled(`kill:${decision}:group.decided:1`)
      const recorded = await fixture.withPorts(({ store }) => store.read(runId))
      for (const point of [
        'before:recovery.started:1',
        'after:recovery.settled:1',
        'before:phase.finished:1',
        'before:run.finished:1',
      ]) {
        expect(await runUntilKilled(`kill:${point}`, 'recover')).toBe(runId)
      }
      await checkRecovered(runId, recorded)
      await putBack()
    }
  })

  it('stands in the way of the next run until it is recovered', async () => {
    const runId = await runUntilKilled('kill:before:group.decided:1')
    const refused = await fixture.run()
    expect(refused).toMatchObject({
      outcome: 'locked',
      exitCode: 7,
      failure: { kind: 'run_unfinished', runId },
    })
    expect(await fixture.recover(runId)).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(await fixture.run()).toMatchObject({ outcome: 'migrated' })
    await putBack()
  })

  it('in an independent group is judged by the version tables', async () => {
    const settings = { groups: [{ name: 'all', tenants: '*', mode: 'independent', parallel: 1 }] }
    const runId = await runUntilKilled('kill:after:tenant.voted:1', 'run', settings)
    const recovered = await fixture.recover(runId, { settings })
    expect(recovered).toMatchObject({ outcome: 'needs_human', exitCode: 6 })
    expect(eventsOf(recovered.events, 'recovery.settled')).toMatchObject([
      { tenant: 'acorn', how: 'already_committed' },
    ])
    const after = await fixture.read()
    expect(after).toEqual({ ...before, acorn: { ...after.acorn, heads: ['0002'] } })
    expect(await fixture.run()).toMatchObject({ outcome: 'migrated' })
    await putBack()
  })

  it('between a commit and the steps that follow it names the tenants that are between, and a new run goes on', async () => {
    fixture.writeMigrations({
      ...defaultMigrations,
      '0003_index.up.sql': 'create index concurrently users_id_idx on users (id, email);',
    })
    const runId = await runUntilKilled('kill:after:tenant.committed:4')
    const recovered = await fixture.recover(runId)
    expect(recovered).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'steps_left', tenants: ['birch', 'cedar'] },
    })
    const { events } = recovered
    const left = eventsOf(events, 'tenant.unsettled').map(({ tenant, failure }) => [tenant, failure])
    expect(left.sort()).toEqual(
      ['birch', 'cedar'].map(tenant => [tenant, { kind: 'steps_left', tenants: [tenant], heads: ['0002'] }]),
    )
    expect(textOf(events)).toContain('0 of 2 tenants at the target, 2 with steps left')
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.run()).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    const heads = Object.values(await fixture.read()).map(one => one.heads.join())
    expect(heads).toEqual(['0003', '0003', '0003'])
    for (const tenant of fixture.tenants) await fixture.resetTenant(tenant)
  })

  it('in the middle of a step outside a transaction counts nobody as migrated whom that left between', async () => {
    fixture.writeMigrations({
      ...defaultMigrations,
      '0003_index.up.sql': 'create index concurrently users_id_idx on users (id, email);',
    })
    const settings = { groups: [{ name: 'all', tenants: '*', mode: 'independent', parallel: 1 }] }
    // A view of the application from before the step: building the index concurrently waits for it.
    const application = await fixture.sandbox.connect('birch')
    await application.query('begin isolation level repeatable read')
    await application.query('select count(*) from lockstep_version')
    const runId = await killWhile("query like 'create index concurrently%' and datname = 'birch'", settings)
    await application.query('commit')
    await waitUntil(
      async () => (await fixture.sandbox.query(indexing)).length === 0,
      'the session of the dead run to end',
    )
    const { events, ...recovered } = await fixture.recover(runId, { settings })
    expect(recovered).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'steps_left', tenants: ['birch'] },
    })
    expect(textOf(events)).toContain('1 of 3 tenants at the target, 1 with steps left')
    expect(textOf(events)).toContain('with steps left: birch. 1 of 3 tenants migrated: acorn.')
    expect(textOf(events)).toContain('next  lockstep run goes on from there')
    const statuses = foldAll(events).tenants.map(({ tenant, status, failure }) => [
      tenant,
      status,
      failure?.kind,
    ])
    expect(statuses).toEqual([
      ['acorn', 'committed', undefined],
      ['birch', 'unsettled', 'steps_left'],
      ['cedar', 'waiting', undefined],
    ])
    expect(await fixture.run({ settings })).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    const heads = Object.values(await fixture.read()).map(one => one.heads.join())
    expect(heads).toEqual(['0003', '0003', '0003'])
  })
})

const indexing =
  "select from pg_stat_activity where query like 'create index concurrently%' and state = 'active'"

/** Kills the command line as soon as one of its statements is at work in the database. */
async function killWhile(condition: string, settings: Settings): Promise<string> {
  fixture.writeProject(settings)
  const args = ['run', '--yes', '--gates', 'revision_graph', '--quiet', '--config', fixture.file]
  const child = spawn(process.execPath, [inject('launcher'), ...args], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, LOCKSTEP_STATE_DIR: fixture.stateFolder },
  })
  const ended = new Promise(resolve => child.once('close', (_code, by) => resolve(by)))
  const isAtWork = `select from pg_stat_activity where state = 'active' and ${condition}`
  await waitUntil(
    async () => (await fixture.sandbox.query(isAtWork)).length > 0,
    'the statement to be at work',
  )
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  const [newest] = await fixture.withPorts(({ store }) => store.list())
  return newest?.runId ?? ''
}
