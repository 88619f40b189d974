import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mapConcurrently } from '../../electron/lib/map-concurrently.ts'
import { runCommand } from '../support/run-command.ts'
import { lastRevision } from './fleet/fleet-migrations.ts'
import { migrateFleet } from './fleet/migrate-fleet.ts'
import { type Fleet, withFleet } from './fleet/with-fleet.ts'
import { formatSeconds, measureTime, median, printTable } from './measure-time.ts'

const tenantCount = Number(process.env.LOCKSTEP_BENCH_TENANTS ?? 1_000)
const rounds = Number(process.env.LOCKSTEP_BENCH_ROUNDS ?? 3)
/** Alembic takes about as long for each: so many are asked, and the rest is reckoned. */
const sampleSize = Number(process.env.LOCKSTEP_BENCH_SAMPLE ?? 20)
const file = process.env.LOCKSTEP_BENCH_JSON

const bars = { alembic: 200, select: 3 }

test('a fleet with nothing to do: lockstep run beside alembic current, and beside a select each', {
  timeout: 7_200_000,
}, async () => {
  await withFleet({ tenants: tenantCount, maxPreparedTransactions: 10 }, async fleet => {
    await mapConcurrently(fleet.tenants, 4, tenant =>
      fleet.withSession(tenant, client => client.query(fleet.upgradeSql)),
    )
    // The first run has never seen the fleet; those that follow are what a pipeline does every day.
    const firstMs = await measureTime(() => migrateFleet(fleet))
    const measured: { readonly alembicMs: number; readonly selectMs: number; readonly lockstepMs: number }[] =
      []
    for (let round = 0; round < rounds; round += 1) {
      const alembicMs = await measureAlembic(fleet)
      const selectMs = await measureTime(async () => {
        expect(await fleet.readRevisions()).toEqual({ [lastRevision]: fleet.tenants.length })
      })
      const lockstepMs = await measureTime(() => migrateFleet(fleet))
      measured.push({ alembicMs, selectMs, lockstepMs })
    }
    const of = (pick: (round: (typeof measured)[number]) => number): number => median(measured.map(pick))
    const ratios = {
      alembic_current: Number(of(round => round.alembicMs / round.lockstepMs).toFixed(2)),
      select: Number(of(round => round.lockstepMs / round.selectMs).toFixed(2)),
    }
    if (file)
      writeFileSync(file, JSON.stringify({ tenants: tenantCount, ratios, first_ms: Math.round(firstMs) }))
    printTable([
      [`${tenantCount} tenants at the target, ${rounds} rounds, medians`, ''],
      ['the first lockstep run', formatSeconds(firstMs)],
      ['lockstep run', formatSeconds(of(round => round.lockstepMs))],
      [`alembic current, one after another (of ${sampleSize})`, formatSeconds(of(round => round.alembicMs))],
      ['select from the version table, 8 sessions', formatSeconds(of(round => round.selectMs))],
      ['alembic current / lockstep', `${ratios.alembic_current} (bar: at least ${bars.alembic})`],
      ['lockstep / the selects', `${ratios.select} (bar: at most ${bars.select})`],
    ])
  })
})

async function measureAlembic(fleet: Fleet): Promise<number> {
  const sample = fleet.tenants.slice(0, sampleSize)
  const ms = await measureTime(async () => {
    for (const tenant of sample) {
      const arguments_ = ['-m', 'alembic', '-c', fleet.writeIni(tenant), 'current']
      expect(await runCommand(fleet.python, arguments_, { folder: fleet.folder })).toContain(lastRevision)
    }
  })
  return (ms * fleet.tenants.length) / sample.length
}
