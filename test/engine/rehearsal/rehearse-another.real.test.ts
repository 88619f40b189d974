import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import {
  type AlembicProject,
  revision,
  stockEnvironment,
  writeAlembicProject,
} from '../../adapters/alembic/support/alembic-project.ts'
import { type EngineFixture, never, openEngineFixture } from '../../support/engine-fixture.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'

const test = needs('python')

let fixture: EngineFixture
let project: AlembicProject
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
  const revisions = {
    'r1.py': revision('r1', null, "op.create_table('things', sa.Column('id', sa.Integer))"),
  }
  project = await writeAlembicProject({ revisions, environment: stockEnvironment })
})
afterAll(async () => {
  await project?.remove()
  await fixture?.close()
})

test('a tenant that is read-only gives way to another of its class, and that is said', async () => {
  await fixture.sandbox.query('alter database acorn set default_transaction_read_only = on')
  const alembic = { config: join(project.folder, 'alembic.ini'), python: await pythonEnvironment() }
  const { analysis } = await fixture.withPorts(
    (ports, own) => previewPlan(own, ports, { target: [], tenants: [], rehearse: 'anew' }, never),
    { migrations: { alembic }, groups: [] },
  )
  expect(analysis.rehearsal?.routes).toMatchObject([
    {
      representative: 'birch',
      tenants: ['acorn', 'birch'],
      problem: null,
      passedOver: [{ tenant: 'acorn', reason: expect.stringContaining('read-only') }],
    },
  ])
})
