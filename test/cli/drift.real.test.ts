import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportSchema } from '../../electron/reports/report-schema.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let project: SmallProject

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  project = await makeSmallProject({ home, sandbox, name: 'drift' })
  const { exitCode, stderr } = await project.run(['run', '--yes', '--quiet'])
  expect(exitCode, stderr).toBe(0)
})

afterAll(async () => {
  await home.close()
  await close()
})

const notes = { 'migrations/0003_notes.up.sql': 'create table notes (id integer primary key);\n' }
const quarantine = { quarantine: [{ tenant: '*_c', reason: 'changed by hand, see ticket 7' }] }

/** Somebody changes the last tenant by hand. */
async function changeByHand(): Promise<void> {
  await sandbox.query(
    'alter table items alter column name drop not null; alter table items add column colour text; create index on items (name)',
    'drift_c',
  )
}

describe('lockstep drift', () => {
  it('says that tenants look alike, and is content', async () => {
    const { exitCode, stdout } = await project.run(['drift', '--fail'])
    expect(exitCode).toBe(0)
    expect(stdout).toBe(
      '3 tenants in 1 class of schemas at 1 revision\n\nat 0002  3 tenants (drift_a, drift_b, drift_c) have the same schema\n',
    )
  })

  it('shows how a tenant differs that was changed by hand, object by object', async () => {
    await changeByHand()
    const { exitCode, stdout } = await project.run(['drift'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "3 tenants in 2 classes of schemas at 1 revision

      at 0002  2 tenants (drift_a, drift_b) have the same schema

        1 tenant (drift_c) differs from the others at 0002
          ~ column public.items.name
              expected  text not null after=id
              found     text after=id
          + column public.items.colour
              found     text after=name
          + index public.items_name_idx
              found     CREATE INDEX items_name_idx ON public.items USING btree (name)
      "
    `)
    expect((await project.run(['drift', '--fail'])).exitCode).toBe(3)
    const { classes, outliers } = JSON.parse((await project.run(['drift', '--json'])).stdout)
    expect(outliers).toEqual(['drift_c'])
    expect(classes[1].differences).toContainEqual({
      kind: 'column',
      object: 'public.items.colour',
      change: 'added',
      expected: null,
      found: 'text after=name',
    })
    const only = await project.run(['drift', '--fail', '--tenants', 'drift_c'])
    expect(only.exitCode).toBe(0)
    expect(only.stdout).toContain('1 tenant (drift_c) has a schema of its own')
    expect((await project.run(['drift', '--tenants', 'oak'])).exitCode).toBe(2)
  })

  it('is told about in a plan, and stops a run where the policy says so', async () => {
    project.writeFiles(notes)
    const plan = await project.run(['plan', '--no-rehearse'])
    expect(plan.stdout).toContain('Schemas  3 tenants in 2 classes of schemas at 1 revision')
    expect(plan.stdout).toContain('drift_c  differs from the others at 0002: ~ column public.items.name')
    project.configure({ drift: { onOutlier: 'stop' } })
    const { exitCode, stdout } = await project.run(['run', '--yes', '--json', '--quiet'])
    expect(exitCode).toBe(3)
    const { gates } = reportSchema.parse(JSON.parse(stdout))
    expect(gates.find(({ gate }) => gate === 'drift')).toMatchObject({
      verdict: 'failed',
      evidence: [{ tenant: 'drift_c' }],
    })
    expect(Object.values(await project.readTenants())).toEqual(Array(3).fill('0002 with prices'))
  })

  it('leaves a tenant in quarantine alone, says why, and refuses to migrate it when it is named', async () => {
    project.configure({ drift: { onOutlier: 'stop', ...quarantine } })
    const found = await project.run(['drift', '--fail'])
    expect(found.exitCode).toBe(0)
    expect(found.stdout).toContain(
      'in quarantine, left alone by runs\n  drift_c  changed by hand, see ticket 7',
    )
    const named = await project.run(['plan', '--tenants', 'drift_c'])
    expect(named.exitCode).toBe(2)
    expect(named.stderr).toContain('tenant drift_c is in quarantine: changed by hand, see ticket 7')
    const plan = await project.run(['plan', '--no-rehearse'])
    expect(plan.stdout).toContain('left out by quarantine: 1 tenant (drift_c): changed by hand, see ticket 7')
    const { exitCode, stdout } = await project.run(['run', '--yes', '--json', '--quiet'])
    expect(exitCode).toBe(0)
    const { smoke_tests: tests } = reportSchema.parse(JSON.parse(stdout))
    expect(tests.find(({ test }) => test === 'schema_classes')).toMatchObject({
      verdict: 'passed',
      value: '1 class before, 1 after',
    })
    expect(Object.values(await project.readTenants())).toEqual([
      '0003 with prices',
      '0003 with prices',
      '0002 with prices',
    ])
    const idle = await project.run(['plan'])
    expect(idle.stdout).toContain('Nothing to do: 2 tenants are at 0003')
    expect(idle.stdout).toContain('left out by quarantine')
  })
})
