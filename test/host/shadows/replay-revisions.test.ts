import { expect, test } from 'vitest'
import { replayRevisions } from '../../../electron/host/shadows/replay-revisions.ts'
import { step } from '../../engine/gates/fake-context.ts'
import { describeTenant } from '../../support/engine-fixture.ts'

const never = new AbortController().signal

/** Replays one revision in an empty database; says whether it came to run it. */
async function replay(statements: readonly string[]) {
  let isRun = false
  const places = {
    source: {
      readHeads: async () => ['0001'],
      planSteps: async () => [step('0001', { statements: statements.map(sql => ({ sql, tables: [] })) })],
      migrate: async () => {
        isRun = true
        return { status: 'finished' }
      },
    },
    servers: { fingerprint: async () => ({ hash: 'a', items: [] }) },
    known: { servers: [{ name: 'primary', cluster: 'main', declaredRole: 'primary' }] },
  } as unknown as Parameters<typeof replayRevisions>[0]
  const tenant = describeTenant('acorn')
  const failure = await replayRevisions(places, tenant, { server: 'sandbox', tenant }, never).then(
    () => null,
    error => error.failure,
  )
  return { isRun, failure }
}

test('runs no revision again that reached other servers when it was new', async () => {
  const { isRun, failure } = await replay([
    'create extension dblink',
    "select dblink_exec('host=central', 'delete from audit')",
  ])
  expect(isRun).toBe(false)
  expect(failure.problem).toContain('reaches beyond the database: it calls dblink_exec()')
})

test.each(['create table t (id int)', 'create role reporting nologin'])('runs %s again', async sql => {
  expect(await replay([sql])).toEqual({ isRun: true, failure: null })
})
