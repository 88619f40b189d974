import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lastRevision } from './fleet/fleet-migrations.ts'
import { migrateFleet } from './fleet/migrate-fleet.ts'
import { watchFleet } from './fleet/watch-fleet.ts'
import { type Fleet, withFleet } from './fleet/with-fleet.ts'

const tenantCount = Number(process.env.LOCKSTEP_BENCH_TENANTS ?? 120)
const file = process.env.LOCKSTEP_BENCH_JSON
/** The default, the least that is allowed, and one between them. */
const budgets = [16, 8, 4]

test('connections: never more than the budget, however many tenants vote', {
  timeout: 3_600_000,
}, async () => {
  await withFleet({ tenants: tenantCount, maxConnections: 100 }, async fleet => {
    const measured: { budget: number; connections: number; seconds: number }[] = []
    for (const budget of budgets) {
      const startedAt = performance.now()
      const { watched } = await watchFleet(fleet, () => migrate(fleet, budget))
      const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(1))
      measured.push({ budget, connections: watched.connections, seconds })
      expect(await fleet.readRevisions()).toEqual({ [lastRevision]: tenantCount })
      await fleet.reset()
    }
    if (file) writeFileSync(file, JSON.stringify({ tenants: tenantCount, measured }))
    const lines = measured.map(
      ({ budget, connections, seconds }) =>
        `budget ${String(budget).padStart(3)}    most connections ${String(connections).padStart(3)}    ${seconds} s`,
    )
    process.stdout.write(`\n${tenantCount} tenants on a server of 100 connections\n${lines.join('\n')}\n\n`)
    for (const { budget, connections } of measured) {
      expect(connections).toBeLessThanOrEqual(budget)
      // The run's lock and one at work: fewer would mean that nothing was seen.
      expect(connections).toBeGreaterThanOrEqual(2)
    }
  })
})

async function migrate(fleet: Fleet, connectionsPerServer: number): Promise<void> {
  fleet.configure({ execution: { connectionsPerServer } })
  await migrateFleet(fleet)
}
