import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type EngineFixture, openEngineFixture } from '../support/engine-fixture.ts'
import { rollBack } from '../support/roll-back.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn'] })
})
afterAll(() => fixture?.close())

test('lists copies and what rollbacks have left, and removes them only when it is told to', async () => {
  const settings = {
    snapshots: { data: 'always', minFreeBytes: 0, keep: 1 },
    rollback: { ways: ['snapshot'] },
  }
  const lockstep = async (...args: readonly string[]): Promise<string> => {
    fixture.writeProject(settings)
    const env = { PATH: process.env.PATH, LOCKSTEP_STATE_DIR: fixture.stateFolder }
    const given = [inject('launcher'), 'snapshots', ...args, '--config', fixture.file]
    return (await promisify(execFile)(process.execPath, given, { env })).stdout
  }
  expect(await lockstep()).toContain('no copies are kept')
  const first = await fixture.run({ settings })
  expect((await rollBack(fixture, first.runId, { settings })).outcome).toBe('migrated')
  const second = await fixture.run({ settings })
  const listed = await lockstep()
  expect(listed).toContain('restored once')
  expect(listed).toContain('what a tenant was before its rollback')
  // Somebody else's: of a run that is on record elsewhere, and of none at all.
  const foreign = ['lockstep_snapshot_01arz3ndektsv4rrffq69g5fav_oak', 'lockstep_failed_by_hand']
  for (const name of foreign) await fixture.sandbox.query(`create database ${name}`)
  const { snapshots, databases } = JSON.parse(await lockstep('--json'))
  expect(snapshots.map((one: { runId: string }) => one.runId)).toEqual([second.runId, first.runId])
  const ours = databases.filter((one: { database: string }) => !foreign.includes(one.database))
  expect(ours.map((one: { kind: string }) => one.kind)).toEqual(['failed'])
  expect(await lockstep('prune')).toContain('would be removed: lockstep snapshots prune --yes')
  expect(JSON.parse(await lockstep('--json'))).toMatchObject({
    schema_version: 1,
    snapshots,
    databases,
    left_copies: [],
  })
  const pruned = JSON.parse(await lockstep('prune', '--yes', '--json'))
  expect(pruned).toMatchObject({ removed: true, snapshots: [{ runId: first.runId }], databases: ours })
  expect(pruned.left_alone.map((one: { database: string }) => one.database).sort()).toEqual(
    foreign.toSorted(),
  )
  const left = await fixture.sandbox.query("select datname from pg_database where datname like 'lockstep%'")
  expect(left.map(row => row.datname).sort()).toEqual([...foreign, snapshots[0].location].sort())
  const again = await lockstep('prune', '--yes')
  expect(again).toMatch(/^nothing to remove\n\nleft alone, since no run on record here has made them:\n/)
  await expect(lockstep('prune', '--keep', 'none', '--yes')).rejects.toMatchObject({ code: 2 })
})
