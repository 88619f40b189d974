import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { mapConcurrently } from '../../electron/lib/map-concurrently.ts'
import { runCommand } from '../support/run-command.ts'
import { lastRevision } from './fleet/fleet-migrations.ts'
import { migrateFleet } from './fleet/migrate-fleet.ts'
import { watchFleet } from './fleet/watch-fleet.ts'
import { type Fleet, withFleet } from './fleet/with-fleet.ts'
import { formatSeconds, measureTime, median, printTable } from './measure-time.ts'

const tenantCount = Number(process.env.LOCKSTEP_BENCH_TENANTS ?? 200)
const rounds = Number(process.env.LOCKSTEP_BENCH_ROUNDS ?? 3)
/** Alembic takes about a second a tenant, one as the other: so many are migrated by it, and the rest is reckoned. */
const sampleSize = Number(process.env.LOCKSTEP_BENCH_SAMPLE ?? 20)
const file = process.env.LOCKSTEP_BENCH_JSON
const concurrencies = [2, 4, 8]

const bars = { alembicSequential: 20, alembicParallel: 10, rawSql: 3 }

interface Round {
  readonly lockstepMs: number
  readonly rawMs: number
  readonly sequentialMs: number
  readonly parallelMs: number
  readonly readerWaitMs: number
  readonly connections: number
}

test('a fleet: lockstep with all gates beside alembic and beside the SQL alone', {
  timeout: 7_200_000,
}, async () => {
  await withFleet({ tenants: tenantCount }, async fleet => {
    const measured: Round[] = []
    for (let round = 0; round < rounds; round += 1) measured.push(await measureRound(fleet))
    const of = (pick: (round: Round) => number): number => median(measured.map(pick))
    const ratio = (pick: (round: Round) => number): number => Number(of(pick).toFixed(2))
    const ratios = {
      alembic_sequential: ratio(round => round.sequentialMs / round.lockstepMs),
      alembic_parallel: ratio(round => round.parallelMs / round.lockstepMs),
      raw_sql: ratio(round => round.lockstepMs / round.rawMs),
    }
    const window = {
      reader_wait_ms: Math.round(of(round => round.readerWaitMs)),
      raw_ms: Math.round(of(round => round.rawMs)),
    }
    const connections = Math.max(...measured.map(round => round.connections))
    if (file) writeFileSync(file, JSON.stringify({ tenants: tenantCount, ratios, window, connections }))
    printTable([
      [`${tenantCount} tenants, ${rounds} rounds, medians`, ''],
      ['lockstep run --yes, all gates', formatSeconds(of(round => round.lockstepMs))],
      ['the SQL by pg, best concurrency', formatSeconds(of(round => round.rawMs))],
      [`alembic, one after another (of ${sampleSize})`, formatSeconds(of(round => round.sequentialMs))],
      [
        `alembic, ${availableParallelism()} processes (of ${sampleSize})`,
        formatSeconds(of(round => round.parallelMs)),
      ],
      ['alembic one after another / lockstep', verdict(ratios.alembic_sequential, bars.alembicSequential)],
      ['alembic processes / lockstep', verdict(ratios.alembic_parallel, bars.alembicParallel)],
      ['lockstep / the SQL', `${ratios.raw_sql} (bar: at most ${bars.rawSql})`],
      ['longest wait of a reader', formatSeconds(window.reader_wait_ms)],
      ['most connections', String(connections)],
    ])
  })
})

async function measureRound(fleet: Fleet): Promise<Round> {
  const sequentialMs = await measureAlembic(fleet, 1)
  const parallelMs = await measureAlembic(fleet, availableParallelism())
  let rawMs = Number.POSITIVE_INFINITY
  for (const concurrency of concurrencies) rawMs = Math.min(rawMs, await measureRaw(fleet, concurrency))
  await fleet.reset()
  const { result: lockstepMs, watched } = await watchFleet(fleet, () =>
    measureTime(() => migrateFleet(fleet)),
  )
  await expectMigrated(fleet)
  await fleet.reset()
  return { lockstepMs, rawMs, sequentialMs, parallelMs, ...watched }
}

async function measureRaw(fleet: Fleet, concurrency: number): Promise<number> {
  const ms = await measureTime(() =>
    mapConcurrently(fleet.tenants, concurrency, tenant =>
      fleet.withSession(tenant, client => client.query(fleet.upgradeSql)),
    ),
  )
  await expectMigrated(fleet)
  await fleet.reset()
  return ms
}

/** What all tenants would take, reckoned from a sample. */
async function measureAlembic(fleet: Fleet, processes: number): Promise<number> {
  const sample = fleet.tenants.slice(0, sampleSize)
  const ms = await measureTime(() =>
    mapConcurrently(sample, processes, tenant =>
      runCommand(fleet.python, ['-m', 'alembic', '-c', fleet.writeIni(tenant), 'upgrade', 'head'], {
        folder: fleet.folder,
      }),
    ),
  )
  const revisions = await fleet.readRevisions()
  expect(revisions[lastRevision], 'tenants that alembic migrated').toBe(sample.length)
  await fleet.reset()
  return (ms * fleet.tenants.length) / sample.length
}

async function expectMigrated(fleet: Fleet): Promise<void> {
  expect(await fleet.readRevisions()).toEqual({ [lastRevision]: fleet.tenants.length })
}

const verdict = (ratio: number, bar: number): string =>
  `${ratio} (bar: at least ${bar}${ratio >= bar ? '' : ', NOT MET'})`
