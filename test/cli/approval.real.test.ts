import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { reportSchema } from '../../electron/reports/report-schema.ts'
import type { Plan } from '../../shared/plan/plan.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let count = 0

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
})

afterEach(async () => {
  expect(await home.traces()).toEqual([])
})

afterAll(async () => {
  await home.close()
  await close()
})

function makeProject(): Promise<SmallProject> {
  count += 1
  return makeSmallProject({ home, sandbox, name: `plan${count}` })
}

async function readPlan(project: SmallProject): Promise<Plan> {
  const { exitCode, stdout, stderr } = await project.run(['plan', '--json'])
  expect(exitCode, stderr).toBe(0)
  return JSON.parse(stdout)
}

/** Approves the plan that was shown before something moved, and expects a refusal that says what it was. */
async function expectVoid(project: SmallProject, planId: string, moved: RegExp): Promise<void> {
  const before = await project.readTenants()
  const { exitCode, stdout, stderr } = await project.run(['run', '--plan-id', planId, '--json'])
  expect(exitCode, stderr).toBe(4)
  const report = reportSchema.parse(JSON.parse(stdout))
  expect(report).toMatchObject({ outcome: 'approval_refused', failure: { kind: 'plan_void' } })
  expect(report.failure?.why).toMatch(moved)
  expect(await project.readTenants()).toEqual(before)
}

describe('lockstep plan', () => {
  it('has the same id as long as nothing moves, and shows groups, statements, modes and the id', async () => {
    const project = await makeProject()
    project.configure({
      groups: [
        { name: 'canary', tenants: project.tenants[0] },
        { name: 'alone', tenants: project.tenants[1], mode: 'independent' },
      ],
    })
    const plan = await readPlan(project)
    expect((await readPlan(project)).planId).toBe(plan.planId)
    const { stdout } = await project.run(['plan'])
    expect(stdout).toMatch(/Wave 1 {2}canary {2}atomic/)
    expect(stdout).toMatch(/Wave 2 {2}alone {2}independent/)
    expect(stdout).toMatch(/Wave 3 {2}rest {2}atomic/)
    expect(stdout).toMatch(/0002 {2}prices {2}migrations\/0002_prices\.up\.sql/)
    expect(stdout).toMatch(/create table prices/)
    expect(stdout).toContain(`plan id  ${plan.planId}`)
    expect(stdout).toContain(`lockstep run --plan-id ${plan.planId.slice(0, 12)}`)
  })

  it('says with --detailed-exitcode whether there is something to do', async () => {
    const project = await makeProject()
    expect((await project.run(['plan', '--detailed-exitcode'])).exitCode).toBe(10)
    expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
    const { exitCode, stdout } = await project.run(['plan', '--detailed-exitcode'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/Nothing to do: 3 tenants are at 0002/)
  })

  it('plans for the tenants that are named, and for those at different revisions', async () => {
    const project = await makeProject()
    const [first = '', second = ''] = project.tenants
    expect((await project.run(['run', '--yes', '--tenants', first, '--target', '0001'])).exitCode).toBe(0)
    const plan = await readPlan(project)
    expect(plan.routes.map(route => route.from)).toEqual([[], ['0001']])
    const { stdout } = await project.run(['plan', '--tenants', second])
    expect(stdout).toContain(`${second} (empty)`)
    expect(stdout).not.toContain(`${first} (`)
  })
})

describe('an approval', () => {
  it('that nobody can give is missing: exit code 4, nothing changed, and the words to give it', async () => {
    const project = await makeProject()
    const { exitCode, stdout, stderr } = await project.run(['run', '--json'])
    expect(exitCode).toBe(4)
    const report = reportSchema.parse(JSON.parse(stdout))
    expect(report).toMatchObject({ outcome: 'approval_refused', failure: { kind: 'approval_missing' } })
    expect(stderr).toMatch(/lockstep run --plan-id [0-9a-f]{12}/)
    expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['empty']))
  })

  it('by plan id, or its beginning, runs that plan', async () => {
    const project = await makeProject()
    const { planId } = await readPlan(project)
    const { exitCode, stdout, stderr } = await project.run([
      'run',
      '--plan-id',
      planId.slice(0, 12),
      '--json',
    ])
    expect(exitCode, stderr).toBe(0)
    expect(reportSchema.parse(JSON.parse(stdout)).approvals).toMatchObject([
      { plan_id: planId, how: 'named' },
    ])
  })

  it('is void when a tenant’s schema has moved', async () => {
    const project = await makeProject()
    const { planId } = await readPlan(project)
    await sandbox.query('create table stray (id integer)', project.tenants[1])
    await expectVoid(project, planId, new RegExp(project.tenants[1] ?? ''))
  })

  it('is void when a revision file was edited', async () => {
    const project = await makeProject()
    const { planId } = await readPlan(project)
    project.writeFiles({ 'migrations/0002_prices.up.sql': 'create table prices (item bigint);\n' })
    await expectVoid(project, planId, /0002/)
  })

  it('is void when the gates became less strict', async () => {
    const project = await makeProject()
    const { planId } = await readPlan(project)
    project.configure({
      gates: { replica_lag: { requireStandbys: false }, foreign_keys: { maxOrphans: 7 } },
    })
    await expectVoid(project, planId, /gate/)
  })

  it('is void when a group changed its mode', async () => {
    const project = await makeProject()
    const { planId } = await readPlan(project)
    project.configure({ groups: [{ name: 'all', tenants: '*', mode: 'independent' }] })
    await expectVoid(project, planId, /all|mode|group/)
  })

  it('is void when another run has migrated a tenant meanwhile', async () => {
    const project = await makeProject()
    const { planId } = await readPlan(project)
    const [first = ''] = project.tenants
    expect((await project.run(['run', '--yes', '--tenants', first])).exitCode).toBe(0)
    await expectVoid(project, planId, new RegExp(first))
  })

  it('of a plan that nobody has seen is void', async () => {
    const project = await makeProject()
    await expectVoid(project, 'f'.repeat(64), /is not kept here/)
  })
})
