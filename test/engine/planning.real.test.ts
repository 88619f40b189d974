import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { previewPlan } from '../../electron/app/plan/preview-plan.ts'
import { type GateName, gateNames } from '../../shared/plan/verdict.ts'
import { afterFact } from '../support/engine-faults.ts'
import {
  defaultMigrations,
  type EngineFixture,
  eventsOf,
  never,
  openEngineFixture,
} from '../support/engine-fixture.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture()
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

const password = 'hunter2-hunter2'

describe('a plan', () => {
  it('is empty when every tenant is at the target, and no gate is asked', async () => {
    await fixture.run()
    const run = await fixture.run({ gates: null })
    expect(run).toMatchObject({ outcome: 'nothing_to_do', exitCode: 0 })
    expect(eventsOf(run.events, 'gate.judged')).toEqual([])
  })

  it('covers only the tenants that were asked for', async () => {
    const run = await fixture.run({ tenants: ['b*', 'cedar'] })
    expect(run.outcome).toBe('migrated')
    const readings = await fixture.read()
    expect(Object.values(readings).map(one => one.heads.join())).toEqual(['0001', '0002', '0002'])
  })

  it('refuses a tenant that nobody knows', async () => {
    const run = await fixture.run({ tenants: ['elm'] })
    expect(run).toMatchObject({
      outcome: 'config_invalid',
      exitCode: 2,
      failure: { kind: 'tenant_unknown', tenant: 'elm' },
    })
  })

  it('has one route per starting point, planned once, and says that tenants differ', async () => {
    fixture.writeMigrations({ ...defaultMigrations, '0003_note.up.sql': 'alter table users add note text;' })
    await fixture.migrateAlone('birch', ['0002'])
    const asked: string[] = []
    const run = await fixture.run({
      change: ports => ({
        ...ports,
        source: {
          ...ports.source,
          planSteps: (from, ...rest) => {
            asked.push(from.join())
            return ports.source.planSteps(from, ...rest)
          },
        },
      }),
    })
    expect(run.outcome).toBe('migrated')
    expect(asked.sort()).toEqual(['0001', '0002'])
    const [made] = eventsOf(run.events, 'plan.made')
    expect(made?.plan.routes.map(route => [route.id, route.steps.map(step => step.revision)])).toEqual([
      ['from-0001', ['0002', '0003']],
      ['from-0002', ['0003']],
    ])
    expect(made?.plan.notes).toContainEqual({
      kind: 'skew',
      text: 'tenants start from 2 different revisions: 2 at 0001 (acorn, cedar); 1 at 0002 (birch)',
    })
    const readings = Object.values(await fixture.read())
    expect(readings.map(one => one.heads.join())).toEqual(['0003', '0003', '0003'])
    expect(new Set(readings.map(one => one.fingerprint)).size).toBe(1)
  })

  it('refuses a tenant that stands at a revision which is not in the project', async () => {
    await fixture.sandbox.query("update lockstep_version set revision = '0099'", 'birch')
    const before = await fixture.read()
    const run = await fixture.run()
    expect(run).toMatchObject({ outcome: 'stopped_by_gate', exitCode: 3 })
    expect(run.failure).toMatchObject({ tenant: 'birch' })
    expect(await fixture.read()).toEqual(before)
  })

  it('is void when a tenant changes between planning and snapshot', async () => {
    const run = await fixture.run({
      changeLog: afterFact(
        fact => fact.type === 'plan.made',
        async () => {
          await fixture.sandbox.query('create table surprise ()', 'cedar')
        },
      ),
    })
    expect(run).toMatchObject({ outcome: 'approval_refused', exitCode: 4, failure: { kind: 'plan_void' } })
    expect(JSON.stringify(run.failure)).toContain('cedar')
    expect(eventsOf(run.events, 'tenant.started')).toEqual([])
  })

  it('runs when it was approved by its id, and says what moved when it is another one', async () => {
    const plan = await fixture.withPorts(
      async (ports, project) => (await previewPlan(project, ports, { target: [], tenants: [] }, never)).plan,
    )
    const approval = {
      answer: 'approved_plan',
      planId: plan.planId,
      plan,
      by: 'ada',
      confirmation: null,
    } as const
    await fixture.sandbox.query('create table surprise ()', 'cedar')
    const run = await fixture.run({ approval, gates: null })
    expect(run).toMatchObject({
      exitCode: 4,
      failure: { kind: 'plan_void', approved: plan.planId, moved: ['the schema of tenant cedar changed'] },
    })
    await fixture.sandbox.query('drop table surprise', 'cedar')
    const withoutGates = await fixture.run({ approval, gates: ['revision_graph'] })
    expect(withoutGates).toMatchObject({ exitCode: 4, failure: { kind: 'plan_void' } })
    expect(await fixture.run({ approval, gates: null })).toMatchObject({ outcome: 'migrated' })
  })

  it('records as waived each gate that whoever starts the run leaves out', async () => {
    const run = await fixture.run({ gates: ['revision_graph', 'capacity'] })
    const verdicts = eventsOf(run.events, 'gate.judged').map(
      ({ gate, answer }) => `${gate} ${answer.verdict}`,
    )
    const judged: readonly GateName[] = ['revision_graph', 'capacity']
    expect(verdicts.sort()).toEqual(
      gateNames.map(name => `${name} ${judged.includes(name) ? 'passed' : 'waived'}`).sort(),
    )
  })

  it('holds no password that a migration writes, and neither does the log', async () => {
    fixture.writeMigrations({
      ...defaultMigrations,
      '0002_email.up.sql': `create role reader login password '${password}';\nselect no_such_function();`,
    })
    const run = await fixture.run()
    expect(run).toMatchObject({ outcome: 'rolled_back' })
    expect(JSON.stringify(run.events)).toContain('create role reader')
    expect(JSON.stringify(run.events)).not.toContain(password)
  })
})
