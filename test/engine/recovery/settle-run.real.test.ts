import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { describeOutcome } from '../../../shared/run/describe-outcome.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import {
  type EngineFixture,
  eventsOf,
  openEngineFixture,
  type Settings,
} from '../../support/engine-fixture.ts'
import { waitUntil } from '../../support/wait-until.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture()
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

/** Runs the built command line until it kills itself; gives the id of the run that it leaves. */
async function runUntilKilled(faultPoint: string, settings: Settings = {}): Promise<string> {
  fixture.writeProject(settings)
  const args = ['run', '--yes', '--gates', 'revision_graph', '--quiet', '--config', fixture.file]
  const child = spawn(process.execPath, [inject('launcher'), ...args], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, LOCKSTEP_STATE_DIR: fixture.stateFolder, LOCKSTEP_FAULT: faultPoint },
  })
  expect(await new Promise(resolve => child.once('close', (_code, by) => resolve(by)))).toBe('SIGKILL')
  const [newest] = await fixture.withPorts(({ store }) => store.list())
  return newest?.runId ?? ''
}

const headsNow = async () => Object.values(await fixture.read()).map(one => one.heads.join())

/** Cuts a log off before its first line of a kind: what a disk loses that has not flushed. */
function loseFrom(runId: string, isFirst: (event: RunEvent) => boolean): void {
  const file = join(fixture.stateFolder, 'runs', runId, 'events.jsonl')
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  const end = lines.findIndex(line => isFirst(JSON.parse(line)))
  expect(end).toBeGreaterThan(0)
  writeFileSync(file, `${lines.slice(0, end).join('\n')}\n`)
}

/** Ends one vote by hand, and gives the identifiers that are left. */
async function finishByHand(tenant: string, how: 'commit' | 'rollback'): Promise<readonly unknown[]> {
  const gids = await fixture.prepared()
  const gid = gids.find(one => String(one).endsWith(`:${tenant}`))
  await fixture.sandbox.query(`${how} prepared '${gid}'`, tenant)
  return fixture.prepared()
}

const isDecision = (event: RunEvent): boolean => event.type === 'group.decided'
const oneGroup = { groups: [] }

describe('a recovery whose log has lost its end', () => {
  it('commits the rest of a group of which one tenant has committed, and puts that decision on record first', async () => {
    const runId = await runUntilKilled('kill:after:group.decided:1', oneGroup)
    expect(await finishByHand('birch', 'commit')).toHaveLength(2)
    loseFrom(runId, isDecision)
    const recovered = await fixture.recover(runId, { settings: oneGroup })
    expect(recovered).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
    const types = recovered.events.map(event => event.type)
    expect(types.indexOf('group.decided')).toBeLessThan(types.indexOf('recovery.settled'))
    expect(types).toContain('group.decided')
  })

  it('sees from the version table alone that one has committed', async () => {
    const runId = await runUntilKilled('kill:after:group.decided:1', oneGroup)
    await finishByHand('birch', 'commit')
    loseFrom(runId, event => event.type === 'tenant.voting')
    expect(await fixture.recover(runId, { settings: oneGroup })).toMatchObject({ outcome: 'migrated' })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
  })

  it('goes on with the other groups of a fleet that had voted', async () => {
    const runId = await runUntilKilled('kill:after:group.decided:1')
    await finishByHand('acorn', 'commit')
    loseFrom(runId, isDecision)
    expect(await fixture.recover(runId)).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
  })

  it('leaves the votes of a group that somebody has torn apart, and names them with their commands', async () => {
    const runId = await runUntilKilled('kill:after:group.decided:1', oneGroup)
    await finishByHand('acorn', 'commit')
    const [left] = await finishByHand('birch', 'rollback')
    loseFrom(runId, isDecision)
    const recovered = await fixture.recover(runId, { settings: oneGroup })
    expect(recovered).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'votes_undecided', committed: 1, undone: 1, votes: [{ tenant: 'cedar', gid: left }] },
    })
    expect(await fixture.prepared()).toEqual([left])
    const { next } = describeOutcome(foldAll(recovered.events))
    expect(next).toContain(`lockstep recover ${runId}`)
    expect(next).toContain(`in cedar: commit prepared '${left}' or rollback prepared '${left}'`)
    await finishByHand('cedar', 'commit')
    expect(await fixture.recover(runId, { settings: oneGroup })).toMatchObject({
      failure: { kind: 'partly_migrated', migrated: ['acorn', 'cedar'], left: ['birch'] },
    })
  })
})

describe('a fleet that had voted, and whose run died between its groups', () => {
  it('is gone on with once the group that has committed is found well', async () => {
    const runId = await runUntilKilled('kill:before:phase.started:8')
    expect(await fixture.prepared()).toHaveLength(2)
    const recovered = await fixture.recover(runId)
    expect(recovered).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
    const told = recovered.events.slice(recovered.events.findIndex(one => one.type === 'recovery.started'))
    const smoke = told.findIndex(event => event.type === 'smoke.judged' && event.group === 'canary')
    const decided = told.findIndex(event => event.type === 'group.decided' && event.group === 'rest')
    expect(smoke).toBeGreaterThan(-1)
    expect(decided).toBeGreaterThan(smoke)
  })

  it('keeps its other groups as they were where a smoke test of the first one fails, and says who is where', async () => {
    const runId = await runUntilKilled('kill:before:phase.started:8')
    const smokeTests = { isolation: false, queries: [{ name: 'has orders', sql: 'select 1 from orders' }] }
    const recovered = await fixture.recover(runId, { settings: { smokeTests } })
    expect(recovered).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'smoke_failed' },
    })
    expect(await headsNow()).toEqual(['0002', '0001', '0001'])
    expect(await fixture.prepared()).toEqual([])
    const { verdict } = describeOutcome(foldAll(recovered.events))
    expect(verdict).toBe('A human is needed: 1 of 3 tenants migrated: acorn. As before: birch, cedar.')
  })

  it('keeps its other groups as they were where somebody had stopped the run before it was killed', async () => {
    const smokeTests = { isolation: false, queries: [{ name: 'slow', sql: 'select 1 from pg_sleep(2)' }] }
    fixture.writeProject({ smokeTests })
    const args = ['run', '--yes', '--gates', 'revision_graph', '--quiet', '--config', fixture.file]
    const child = spawn(process.execPath, [inject('launcher'), ...args], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, LOCKSTEP_STATE_DIR: fixture.stateFolder },
    })
    const ended = new Promise(resolve => child.once('close', resolve))
    const readLog = (): string => {
      const folder = join(fixture.stateFolder, 'runs')
      const [runId] = existsSync(folder) ? readdirSync(folder) : []
      const file = join(folder, runId ?? '', 'events.jsonl')
      return runId !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : ''
    }
    await waitUntil(() => readLog().includes('"type":"phase.started","phase":"smoke_test"'), 'the smoke test')
    child.kill('SIGINT')
    await waitUntil(() => readLog().includes('"type":"run.interrupted"'), 'the interruption to be on record')
    child.kill('SIGKILL')
    await ended
    expect(readLog()).not.toContain('"decision":"rollback"')
    expect(await fixture.prepared()).toHaveLength(2)
    const [newest] = await fixture.withPorts(({ store }) => store.list())
    expect(await fixture.recover(newest?.runId ?? '')).toMatchObject({
      outcome: 'needs_human',
      failure: { kind: 'partly_migrated', migrated: ['acorn'] },
    })
    expect(await headsNow()).toEqual(['0002', '0001', '0001'])
  })

  it('keeps its other groups as they were where a vote of them is gone', async () => {
    const runId = await runUntilKilled('kill:before:phase.started:8')
    await finishByHand('birch', 'rollback')
    const recovered = await fixture.recover(runId)
    expect(recovered).toMatchObject({
      outcome: 'needs_human',
      failure: { kind: 'partly_migrated', migrated: ['acorn'], left: ['birch', 'cedar'] },
    })
    expect(await headsNow()).toEqual(['0002', '0001', '0001'])
    expect(recovered.failure && describeFailure(recovered.failure).fix).toBe(
      `lockstep run goes on with the others; lockstep rollback ${runId} takes back those that are migrated.`,
    )
    expect(await fixture.run()).toMatchObject({ outcome: 'migrated', exitCode: 0 })
  })

  it('is not gone on with where a group in between runs each tenant alone', async () => {
    const groups = [
      { name: 'canary', tenants: 'acorn' },
      { name: 'alone', tenants: 'birch', mode: 'independent' },
    ]
    const runId = await runUntilKilled('kill:before:phase.started:8', { groups })
    const recovered = await fixture.recover(runId, { settings: { groups } })
    expect(recovered).toMatchObject({ failure: { kind: 'group_unended', group: 'alone' } })
    expect(await headsNow()).toEqual(['0002', '0001', '0001'])
    expect(await fixture.prepared()).toEqual([])
  })

  it('asks the hooks of the team before it goes on', async () => {
    const refusing = { name: 'on call', after: 'smoke_test', per: 'group', command: ['/bin/false'] }
    const runId = await runUntilKilled('kill:before:phase.started:8')
    const settings = { hooks: { executables: [refusing] } }
    expect(await fixture.recover(runId, { settings })).toMatchObject({
      failure: { kind: 'hook_stopped', hook: 'on call' },
    })
    expect(await headsNow()).toEqual(['0002', '0001', '0001'])
  })
})

describe('groups that vote by themselves', () => {
  it('are settled one by one, and the recovery says who is where and what goes on', async () => {
    const settings = { vote: 'group' }
    const runId = await runUntilKilled('kill:after:tenant.voted:2', settings)
    const recovered = await fixture.recover(runId, { settings })
    expect(recovered).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'partly_migrated', migrated: ['acorn'], left: ['birch', 'cedar'] },
    })
    expect(await fixture.prepared()).toEqual([])
    expect(eventsOf(recovered.events, 'rollback.proven').every(one => one.equal)).toBe(true)
  })
})
