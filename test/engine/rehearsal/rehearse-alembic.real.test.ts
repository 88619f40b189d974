import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Preview, previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import { judgeGate } from '../../../electron/engine/checks/judge-gate.ts'
import { replayConflict } from '../../../electron/engine/gates/replicas/replay-conflict.ts'
import { type Demo, withDemo } from '../../../electron/host/demo/open-demo.ts'
import { loadProject } from '../../../electron/host/settings/load-project.ts'
import { noApprovals, withEngine } from '../../../electron/host/wiring/with-engine.ts'
import type { RouteRehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { GateAnswer } from '../../../shared/plan/verdict.ts'
import { needs } from '../../support/needs.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { createContext, never } from '../gates/fake-context.ts'

const test = needs('python')

function preview(
  demo: Demo,
  tenants: readonly string[] = [],
): Promise<Preview & { readonly replay: GateAnswer }> {
  const project = loadProject(null, demo.folder)
  return withEngine(project, noApprovals, async ports => {
    const seen = await previewPlan(project, ports, { target: [], tenants, rehearse: 'anew' }, never)
    const context = {
      ...createContext(),
      ...seen,
      replayFacts: ports.replayFacts,
      settings: project.config.gates,
    }
    return { ...seen, replay: await judgeGate(replayConflict, context, [], never) }
  })
}

function routesOf({ analysis }: Preview): readonly RouteRehearsal[] {
  if (!analysis.rehearsal) throw new Error(analysis.notRehearsed)
  return analysis.rehearsal.routes
}

/** A revision that follows the demo's last one. */
function revision(up: string, down: string): string {
  return `revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None
from alembic import op
import sqlalchemy as sa

def upgrade():
    ${up}

def downgrade():
    ${down}
`
}

test('rehearses a real Alembic project, its downgrade, and what its standbys will meet', async () => {
  const options = {
    fault: 'none',
    source: 'alembic',
    keep: false,
    say: () => undefined,
    signal: never,
  } as const
  await withDemo(options, async demo => {
    const first = await preview(demo)
    for (const route of routesOf(first)) expect(route).toMatchObject({ problem: null })
    const [route] = routesOf(first)
    const locks = route?.statements.flatMap(statement => statement.locks)
    expect(locks).toContainEqual({
      relation: 'public.customers',
      kind: 'r',
      mode: 'AccessExclusiveLock',
      isNew: true,
    })
    // What the revision does in Python is followed, too.
    expect(route?.statements.some(statement => /^\s*update/i.test(statement.sql))).toBe(true)
    expect(route?.reversibility.verdict).not.toBe('not_tried')
    expect(first.analysis.forecast?.map(one => [one.server, one.effect])).toEqual([
      ['standby-1', 'clear'],
      ['standby-2', 'clear'],
    ])
    expect(first.replay.verdict).toBe('passed')

    // A reader of a table that the plan locks exclusively.
    const [standby] = demo.cluster.standbys
    const [tenant] = first.plan.groups.flatMap(group => group.tenants)
    if (!standby || !tenant) throw new Error('the demo has standbys and tenants')
    const reader = await openReader(demo, standby, tenant.database)
    try {
      const warned = await preview(demo)
      expect(warned.analysis.forecast?.[0]).toMatchObject({
        server: 'standby-1',
        effect: 'cancel',
        maxDelayMs: 30_000,
        queries: [{ application: 'report', tables: ['public.customers'] }],
      })
      expect(warned.replay).toMatchObject({ verdict: 'warned' })
      await demo.runSql('postgres', 'alter system set max_standby_streaming_delay = -1', standby)
      await demo.runSql('postgres', 'select pg_reload_conf()', standby)
      let stalled = warned
      await waitUntil(async () => {
        stalled = await preview(demo)
        return stalled.analysis.forecast?.[0]?.effect === 'stall'
      }, 'the standby to take the setting over')
      expect(stalled.replay).toMatchObject({ verdict: 'failed' })
    } finally {
      await reader()
    }

    const file = join(demo.folder, 'migrations', 'versions', '0004_more.py')
    const judge = async (up: string, down: string) => {
      writeFileSync(file, revision(up, down))
      return routesOf(await preview(demo, [tenant.tenant]))[0]?.reversibility
    }
    expect(
      await judge(
        "op.drop_column('products', 'name')",
        "op.add_column('products', sa.Column('name', sa.Text()))",
      ),
    ).toMatchObject({ verdict: 'impossible' })
    expect(await judge("op.execute('update products set name = upper(name)')", 'pass')).toMatchObject({
      verdict: 'lossy',
      evidence: expect.arrayContaining(['public.products.name: other values than before']),
    })
    expect(
      await judge(
        "op.add_column('products', sa.Column('note', sa.Text()))",
        "raise Exception('no rollback possible')",
      ),
    ).toMatchObject({ verdict: 'impossible', evidence: [expect.stringContaining('no rollback possible')] })
    rmSync(file)
  })
})

/** Holds a table of a tenant on a standby; the promise it gives lets go of it. */
async function openReader(
  demo: Demo,
  { host, port }: Demo['cluster']['primary'],
  database: string,
): Promise<() => Promise<void>> {
  const { default: pg } = await import('pg')
  const { user, password } = demo.cluster.superuser
  const client = new pg.Client({
    host,
    port,
    user,
    database,
    password: password ?? '',
    application_name: 'report',
  })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('begin; select count(*) from customers')
  return () => client.end()
}
