import { describe, expect, it } from 'vitest'
import { buildReport } from '../../electron/reports/build-report.ts'
import { reportJsonSchema, reportSchema } from '../../electron/reports/report-schema.ts'
import { foldAll } from '../../shared/run/fold-run.ts'
import type { RunFact } from '../../shared/run/run-event.ts'
import { eventSamples } from '../shared/samples/events.ts'
import { failureSamples } from '../shared/samples/failures.ts'
import { calmMood, envelop, makeMigratedRun, makeVotedDownRun, sampleRuns } from '../shared/samples/runs.ts'
import { createReportValidator } from './report-validator.ts'

const validate = createReportValidator()

function report(facts: readonly RunFact[]) {
  return buildReport(foldAll(envelop(facts)), { headHash: 'a'.repeat(64) })
}

describe('the report', () => {
  it.each(Object.entries(sampleRuns))('of %s fits its schemas', (_name, makeFacts) => {
    const made = report(makeFacts(calmMood))
    expect(validate(made)).toEqual([])
    expect(reportSchema.safeParse(made).error).toBeUndefined()
  })

  it('fits its schemas at every moment of a run', () => {
    const facts = makeVotedDownRun(calmMood)
    for (let length = 0; length <= facts.length; length += 1) {
      expect(validate(report(facts.slice(0, length)))).toEqual([])
    }
  })

  it('fits its schemas whatever the failure and whatever the event', () => {
    for (const failure of Object.values(failureSamples).flat()) {
      const finished = {
        type: 'run.finished',
        outcome: 'tool_failed',
        exitCode: 1,
        failure,
        volatile: {},
      } as const
      expect(validate(report([finished]))).toEqual([])
    }
    for (const facts of Object.values(eventSamples)) expect(validate(report(facts))).toEqual([])
  })

  it('sums a migrated run up', () => {
    const made = report(makeMigratedRun(calmMood))
    expect(made.summary).toEqual({
      migrations_applied: 2,
      tenants_validated: 5,
      safety_gates_passed: 7,
      rollback_required: false,
      total_duration_seconds: 4.3,
    })
    expect(made.phase_logs[0]).toEqual({
      phase: 'topology_discovery',
      status: 'success',
      message: '5 tenants, 1 primary, 2 standbys',
      duration_ms: 222,
      group: null,
    })
    expect(made).toMatchObject({
      execution_id: calmMood.runId,
      timestamp: '2026-01-02T03:04:05.000Z',
      exit_code: 0,
    })
    expect(made.replicas[0]).toMatchObject({ server: 'standby-1', caught_up: true, schemas_equal: 5 })
  })

  it('sums a rolled back run up', () => {
    const made = report(makeVotedDownRun(calmMood))
    expect(made.summary).toMatchObject({
      migrations_applied: 0,
      tenants_validated: 0,
      rollback_required: true,
    })
    expect(made.rollback).toMatchObject({ required: true, proven: true })
    expect(made.failure).toMatchObject({ kind: 'migration_failed', facts: { sqlstate: '23505', line: 21 } })
  })

  it('does not count a tenant as validated when one server differs, or when none was compared', () => {
    const facts = makeMigratedRun(calmMood)
    const differs = facts.map(fact =>
      fact.type === 'fingerprints.compared' && fact.tenant === 'birch' && fact.server === 'standby-2'
        ? { ...fact, equal: false, objects: ['table public.extra'] }
        : fact,
    )
    expect(report(differs).summary.tenants_validated).toBe(4)
    expect(report(differs).replicas[1]?.schemas_different).toEqual([
      { tenant: 'birch', objects: ['table public.extra'] },
    ])
    const uncompared = facts.filter(fact => fact.type !== 'fingerprints.compared')
    expect(report(uncompared).summary.tenants_validated).toBe(0)
  })

  it('counts passed and warned gates, not waived ones', () => {
    const gates = (['passed', 'warned', 'waived', 'not_applicable', 'failed', 'inconclusive'] as const).map(
      (verdict): RunFact => {
        const judged = eventSamples['gate.judged'][0]!
        return { ...judged, gate: verdict, answer: { ...judged.answer, verdict } }
      },
    )
    expect(report(gates).summary.safety_gates_passed).toBe(2)
  })
})

describe('the JSON Schema', () => {
  it('is published as draft 2020-12 with an id', () => {
    expect(reportJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:lockstep:report:1',
    })
  })

  it('refuses what is missing, unknown or of another type', () => {
    const made = report(makeMigratedRun(calmMood))
    const { summary, ...rest } = made
    expect(validate(rest)).not.toEqual([])
    expect(validate({ ...made, extra: 1 })).not.toEqual([])
    expect(validate({ ...rest, summary: { ...summary, migrations_applied: -1 } })).not.toEqual([])
    expect(validate({ ...made, outcome: 'fine' })).not.toEqual([])
    expect(validate({ ...made, timestamp: 'yesterday' })).not.toEqual([])
  })
})
