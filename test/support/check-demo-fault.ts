import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type DemoFaultName, demoFaults } from '../../electron/host/demo/demo-faults.ts'
import { type Report, reportSchema } from '../../electron/reports/report-schema.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { demoExpectations } from './demo-expectations.ts'
import { type DemoReading, runKeptDemo, type TenantReading } from './kept-demo.ts'
import { type LockstepHome, openLockstepHome } from './run-lockstep.ts'

const names = ['acorn', 'birch', 'cedar', 'dogwood', 'elm', 'fern']

/** Tenants of the demo as they are before any run. */
const untouched: readonly TenantReading[] = names.map(tenant => ({
  tenant,
  revisions: [tenant === 'fern' ? '0001' : '0002'],
  hasRefunds: false,
}))

/** Tenants of the demo at the last revision. */
const migrated: readonly TenantReading[] = names.map(tenant => ({
  tenant,
  revisions: ['0003'],
  hasRefunds: true,
}))

/** Lends a place for command lines, and fails when anything that was started there is left at its end. */
export async function withLockstepHome<T>(use: (home: LockstepHome) => Promise<T>): Promise<T> {
  const home = openLockstepHome()
  try {
    const result = await use(home)
    expect(await home.traces()).toEqual([])
    return result
  } finally {
    await home.close()
  }
}

/** Runs the demo with a fault, and checks exit code, document, tenants and what is left on the machine. */
export function checkDemoFault(fault: DemoFaultName, flags: readonly string[] = []): Promise<void> {
  return withLockstepHome(async home => {
    const result = await runKeptDemo(home, ['--fault', fault, '--json', ...flags])
    const exitCodes: readonly number[] = demoFaults.find(one => one.name === fault)?.exitCodes ?? []
    expect(exitCodes, result.stderr).toContain(result.exitCode)
    const report = reportSchema.parse(JSON.parse(result.stdout))
    expect(report.exit_code).toBe(result.exitCode)
    expect(result.prepared).toEqual([])
    checkStory(fault, report, result)
    const printed = [result.stdout, result.stderr, ...readLogs(home)].join('\n')
    for (const secret of result.secrets) expect(printed).not.toContain(secret)
    expect(await home.traces(result.ports)).toEqual([])
  })
}

function checkStory(fault: DemoFaultName, report: Report, reading: DemoReading): void {
  const expectation = demoExpectations[fault]
  switch (expectation.kind) {
    case 'migrated':
      expect(report.recoveries).toBe(0)
      checkMigrated(report, reading)
      return
    case 'stopped': {
      expect(report.outcome).toBe('stopped_by_gate')
      const gate = report.gates.find(one => one.gate === expectation.gate)
      expect(gate?.verdict).toBe('failed')
      const words = [gate?.remedy, ...(gate?.evidence ?? []).map(one => one.fact)].join('\n')
      for (const cause of expectation.cause) expect(words).toMatch(cause)
      checkNothingBegan(report, reading)
      return
    }
    case 'rolled_back':
      for (const cause of expectation.cause) expect(JSON.stringify(report.failure)).toMatch(cause)
      checkRolledBack(report, reading)
      return
    case 'recovered':
      expect(report.recoveries).toBe(1)
      expect(expectation.outcomes).toContain(report.outcome)
      if (report.outcome === 'migrated') checkMigrated(report, reading)
      else checkRolledBack(report, reading)
      return
    case 'refused':
      expect(report.failure).toMatchObject({ kind: 'run_locked' })
      checkOnlyLooked(report)
      // The first run went on to its end.
      expect(reading.tenants).toEqual(migrated)
      return
    default:
      assertNever(expectation)
  }
}

function checkMigrated(report: Report, reading: DemoReading): void {
  expect(report.outcome).toBe('migrated')
  expect(report.summary).toMatchObject({ migrations_applied: 2, tenants_validated: 6 })
  expect(reading.tenants).toEqual(migrated)
}

function checkNothingBegan(report: Report, reading: DemoReading): void {
  checkOnlyLooked(report)
  expect(reading.tenants).toEqual(untouched)
}

function checkOnlyLooked(report: Report): void {
  expect(report.summary).toMatchObject({ migrations_applied: 0, rollback_required: false })
  expect(report.statements).toEqual([])
  expect(new Set(report.tenants.map(tenant => tenant.state))).toEqual(new Set(['waiting']))
}

function checkRolledBack(report: Report, reading: DemoReading): void {
  expect(report.outcome).toBe('rolled_back')
  expect(report.summary).toMatchObject({ migrations_applied: 0, rollback_required: true })
  expect(report.rollback.proven).toBe(true)
  expect(report.rollback.tenants.map(tenant => tenant.tenant).sort()).toEqual(names)
  for (const tenant of report.rollback.tenants) expect(tenant.found).toBe(tenant.before)
  expect(reading.tenants).toEqual(untouched)
}

/** The texts of all run logs that were kept. */
function readLogs(home: LockstepHome): readonly string[] {
  return readdirSync(home.stateFolder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('events.jsonl'))
    .map(name => readFileSync(join(home.stateFolder, name), 'utf8'))
}
