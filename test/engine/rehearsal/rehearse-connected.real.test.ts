import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import {
  type AlembicProject,
  revision,
  stockEnvironment,
  writeAlembicProject,
} from '../../adapters/alembic/support/alembic-project.ts'
import { EngineFixture, never, type Settings } from '../../support/engine-fixture.ts'
import { needs } from '../../support/needs.ts'
import { serverOf } from '../../support/postgres-versions.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'

/** Definitions that PostgreSQL prints in another way after they were dumped and restored. */
const orders = `create table orders (id int primary key, status varchar(20), qty int, low boolean,
  constraint status_known check (status in ('open', 'paid', 'void')),
  constraint qty_range check (qty between 1 and 99 and low));
create index open_orders on orders (id) where status in ('open', 'paid');
insert into orders values (1, 'open', 2, true), (2, 'paid', 3, true);`

const files = {
  '0001_orders.up.sql': orders,
  '0002_note.up.sql': "alter table orders add column note text; update orders set note = 'none';",
  '0002_note.down.sql': 'alter table orders drop column note;',
}

const revisions = {
  'r1.py': revision('r1', null, `op.execute("""${orders}""")`),
  'r2.py': revision(
    'r2',
    'r1',
    "op.add_column('orders', sa.Column('note', sa.Text))\nop.execute(\"update orders set note = 'none'\")",
  ),
}

const elsewhere = stockEnvironment.replace(
  'target_metadata=target_metadata)',
  "target_metadata=target_metadata, version_table='applied', version_table_schema='meta')",
)

const schemas = { databases: 'acorn', schemas: ['one', 'two'] }
const rows = { databases: 'acorn', appRole: 'app', rls: { column: 'tenant', setting: 'app.tenant' } }

describe.each(['14', '15'] as const)(
  'a rehearsal on PostgreSQL %s while the application is connected',
  version => {
    const it =
      version === '15' ? needs('older postgres', 'pg_dump', 'python') : needs('older postgres', 'pg_dump')
    const server = serverOf(version)
    const projects: AlembicProject[] = []
    let fixture: EngineFixture
    let interpreter: string

    beforeAll(async () => {
      interpreter = version === '15' ? await pythonEnvironment() : ''
      fixture = new EngineFixture(server(), ['spare'], async () => undefined)
      await fixture.prepare()
      await fixture.sandbox.query('create role migrator login createdb; create role app login')
    })
    afterAll(async () => {
      for (const project of projects) await project.remove()
      if (fixture) rmSync(fixture.folder, { recursive: true, force: true })
    })
    beforeEach(async () => {
      await fixture.reset()
      fixture.writeMigrations(files)
      await fixture.sandbox.query('drop database if exists acorn with (force)')
      await fixture.sandbox.query('create database acorn owner migrator')
      await fixture.sandbox.query(
        `create schema meta authorization migrator; create schema one authorization migrator;
       create schema two authorization migrator; create table public.shared (tenant text);
       alter table public.shared owner to migrator`,
        'acorn',
      )
    })

    const asMigrator = (settings: Settings): Settings => {
      const { host, port } = fixture.sandbox.primary
      const servers = [{ name: 'primary', host, port, user: 'migrator' }]
      return { servers, groups: [], gates: { replica_lag: { requireStandbys: false } }, ...settings }
    }
    const alembic = async (tenants: unknown, environment: string): Promise<Settings> => {
      const project = await writeAlembicProject({ revisions, environment })
      projects.push(project)
      const config = join(project.folder, 'alembic.ini')
      return asMigrator({ tenants, migrations: { alembic: { config, python: interpreter } } })
    }

    /** Brings the tenants to the first revision, and rehearses the second while somebody reads and writes. */
    const rehearse = async (settings: Settings, first: string): Promise<Rehearsal> => {
      const run = await fixture.run({ settings, target: [first] })
      expect(['migrated', 'nothing_to_do']).toContain(run.outcome)
      const application = await fixture.sandbox.connect('acorn')
      await application.query('insert into public.shared values (null)')
      try {
        const { analysis } = await fixture.withPorts(
          (ports, project) =>
            previewPlan(project, ports, { target: [], tenants: [], rehearse: 'anew' }, never),
          settings,
        )
        if (!analysis.rehearsal) throw new Error(analysis.notRehearsed)
        await application.query('insert into public.shared values (null)')
        return analysis.rehearsal
      } finally {
        await application.end()
      }
    }

    const expectDump = (rehearsal: Rehearsal, wanted: string): void => {
      expect(rehearsal.shadow).toMatchObject({ kind: 'dump', data: wanted, server: 'primary' })
      for (const route of rehearsal.routes) {
        expect(route).toMatchObject({
          problem: null,
          endFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        })
      }
      expect(rehearsal.routes).toHaveLength(1)
    }

    if (version === '15') {
      it('goes on from the version table that Alembic was given, and expects the schema of the real tenant', async () => {
        const settings = await alembic({ databases: ['acorn'] }, elsewhere)
        expectDump(await rehearse(settings, 'r1'), 'schema')
        const end = await fixture.run({ settings, gates: ['expected_fingerprint'] })
        expect(end).toMatchObject({ outcome: 'migrated', failure: null })
      })

      it('goes on from what Alembic noted in the schema of a tenant', async () => {
        const settings = { ...(await alembic(schemas, stockEnvironment)), rehearsal: { data: 'sample' } }
        expectDump(await rehearse(settings, 'r1'), 'sample')
      })
    }

    it("gives the role no more rights in a server of our own than it has on the tenants' server", async () => {
      fixture.writeMigrations({
        ...files,
        '0001_orders.up.sql': `${orders}
          alter table orders enable row level security; create policy own on orders using (id = 1);`,
      })
      const settings = asMigrator({ tenants: { databases: ['acorn'] }, rehearsal: { where: 'sandbox' } })
      const [owner] = (await rehearse(settings, '0001')).routes
      expect(owner).toMatchObject({ problem: null })
      await fixture.sandbox.query('alter table orders force row level security', 'acorn')
      const [hidden] = (await rehearse(settings, '0001')).routes
      expect(hidden?.problem).toContain('row-level security policy for table "orders"')
    })

    it.each([
      ['schema', { databases: ['acorn'] }],
      ['sample', schemas],
      ['full', rows],
    ] as const)('goes on from the version table of SQL files, with data: %s', async (data, tenants) => {
      const settings = asMigrator({
        migrations: { sql: { versionTable: 'Applied files' } },
        rehearsal: { data },
        tenants,
      })
      const rehearsal = await rehearse(settings, '0001')
      expectDump(rehearsal, data)
      const end = await fixture.run({ settings, gates: ['expected_fingerprint'] })
      expect(end).toMatchObject({ outcome: 'migrated', failure: null })
    })
  },
)
