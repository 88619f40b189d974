import { describe, expect, it } from 'vitest'
import { assessFleet } from '../../../electron/app/status/assess-fleet.ts'
import { unread } from '../../../electron/app/status/read-fleet.ts'
import { parseConfig } from '../../../electron/config/parse-config.ts'
import type { Failure } from '../../../shared/failure/failure.ts'

const config = parseConfig(
  JSON.stringify({
    version: 1,
    servers: [{ name: 'primary' }],
    tenants: { databases: ['*'] },
    migrations: { sql: {} },
  }),
  'lockstep.yml',
  { env: () => undefined, file: () => undefined },
)
const noPlans = { list: async () => [], readPlan: () => null, readGates: async () => null }
const runId = '01K2ZQ6J8S3W5T7V9X1Z3B5D7F'

/** A rollback that died while a copy took the place of a tenant: the database lets nobody in. */
function closedBy(run: string): Failure {
  return {
    kind: 'database_closed',
    server: 'primary',
    database: 'ash',
    why: 'closed',
    by: { runId: run, state: 'cut_off' },
  }
}

const readingOf = (by: string) => ({
  ...unread(null),
  topology: {
    clusters: [],
    tenants: [],
    unreadable: [{ tenant: 'ash', cluster: 'main', failure: closedBy(by) }],
  },
})

describe('what stands in the way of a run', () => {
  it('is the run that was cut off, with the tenants that it keeps closed', async () => {
    const openRuns = [{ runId, state: 'cut_off', damage: null }] as const
    const facts = { config, reading: readingOf(runId), runs: [], openRuns, active: [] }
    const { blocked, readiness } = await assessFleet(facts, noPlans)
    expect(blocked).toMatchObject({ kind: 'run_unfinished', runId, closed: ['ash'] })
    expect(readiness.reason).toBe('A run was cut off before its end. 1 tenant is closed to all connections.')
    expect(readiness.action).toEqual({ kind: 'recover', runId })
  })

  it('does not name tenants that another run keeps closed', async () => {
    const openRuns = [{ runId, state: 'cut_off', damage: null }] as const
    const reading = readingOf('01K2ZP0000000000000000000A')
    const { blocked } = await assessFleet({ config, reading, runs: [], openRuns, active: [] }, noPlans)
    expect(blocked).toMatchObject({ kind: 'run_unfinished', runId })
    expect(blocked).not.toHaveProperty('closed')
  })

  it('is nothing after a run that left something unproven, which a person looks at', async () => {
    const openRuns = [{ runId, state: 'unproven', damage: null }] as const
    const facts = { config, reading: unread(null), runs: [], openRuns, active: [] }
    const { blocked, unproven, readiness } = await assessFleet(facts, noPlans)
    expect(blocked).toBeNull()
    expect(unproven?.runId).toBe(runId)
    expect(readiness.verdict).toBe('needs_human')
  })
})
