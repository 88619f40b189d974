import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { reportSchema } from '../../electron/reports/report-schema.ts'
import { gateNames } from '../../shared/plan/verdict.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let count = 0

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 1 }))
})

afterEach(async () => {
  expect(await home.traces()).toEqual([])
})

afterAll(async () => {
  await home.close()
  await close()
})

/** A project with a primary and a standby. */
async function makeProject(): Promise<SmallProject> {
  count += 1
  const ports = [sandbox.primary.port, sandbox.standbys[0]?.port]
  const project = await makeSmallProject({
    home,
    sandbox,
    name: `verb${count}`,
    config: {
      gates: {},
      servers: [
        { name: 'primary', port: ports[0] },
        { name: 'replica', role: 'standby', port: ports[1] },
      ],
    },
  })
  await sandbox.waitForStandbys()
  return project
}

const urlOf = (port: number | undefined): string => `postgresql://postgres@127.0.0.1:${port}/postgres`

describe('lockstep init', () => {
  it('writes a file that doctor accepts and run runs, and does not write over one', async () => {
    const project = await makeProject()
    const file = join(project.folder, 'lockstep.yml')
    const args = ['init', '--primary', urlOf(sandbox.primary.port), '--tenants', 'verb1_*']
    const standby = ['--standby', urlOf(sandbox.standbys[0]?.port)]
    const before = readFileSync(file, 'utf8')
    const refused = await project.run([...args, ...standby])
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toMatch(/exists already\n {2}fix {2}lockstep init --force/)
    expect(readFileSync(file, 'utf8')).toBe(before)

    const forced = await project.run([...args, ...standby, '--force'])
    expect(forced.exitCode, forced.stderr).toBe(0)
    expect(forced.stdout).toMatch(/3 tenants: verb1_a, verb1_b, verb1_c/)
    expect(forced.stdout).toMatch(/migrations: migrations\/\*\.up\.sql/)
    expect(readFileSync(file, 'utf8')).not.toBe(before)
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, 'utf8')) ?? []
    expect(JSON.parse(readFileSync(join(project.folder, schema), 'utf8'))).toMatchObject({
      $id: 'urn:lockstep:config:1',
    })
    const doctor = await project.run(['doctor'])
    expect(doctor.exitCode, doctor.stdout).toBe(0)
    expect(doctor.stdout).not.toMatch(/^(problem|warning)/m)
    const run = await project.run(['run', '--yes'])
    expect(run.exitCode, run.stderr).toBe(0)
  })

  it('writes no password that was in a URL', async () => {
    const project = await makeProject()
    const file = join(project.folder, 'lockstep.yml')
    rmSync(file)
    const url = urlOf(sandbox.primary.port).replace('postgres@', 'postgres:s3cret-in-url@')
    const { exitCode, stdout, stderr } = await project.run(['init', '--primary', url])
    expect(exitCode, stderr).toBe(0)
    expect(`${stdout}${stderr}${readFileSync(file, 'utf8')}`).not.toContain('s3cret-in-url')
  })

  it('writes nothing where it finds no tenant or no server', async () => {
    const project = await makeProject()
    rmSync(join(project.folder, 'lockstep.yml'))
    const wrong = [
      { args: ['--primary', urlOf(sandbox.primary.port), '--tenants', 'nobody_*'], expected: 2 },
      { args: ['--primary', urlOf(1)], expected: 1 },
      { args: ['--primary', 'localhost'], expected: 2 },
    ]
    for (const { args, expected } of wrong) {
      const { exitCode, stderr } = await project.run(['init', ...args])
      expect(exitCode, stderr).toBe(expected)
      expect(stderr).toMatch(/^error: [\s\S]*fix {2}/)
      expect(existsSync(join(project.folder, 'lockstep.yml'))).toBe(false)
    }
  })
})

describe('verbs that look', () => {
  it('doctor names everything that a run needs, also as a document', async () => {
    const project = await makeProject()
    const { exitCode, stdout } = await project.run(['doctor', '--json'])
    expect(exitCode).toBe(0)
    const items: { subject: string; state: string }[] = JSON.parse(stdout)
    expect(items.map(item => [item.subject, item.state])).toEqual(
      expect.arrayContaining([
        ['node', 'ok'],
        ['configuration', 'ok'],
        ['migrations', 'ok'],
        ['server primary', 'ok'],
        ['server replica', 'ok'],
        ['tenants', 'ok'],
        ['unfinished runs', 'ok'],
      ]),
    )
  })

  it('doctor goes on where one thing is wrong, and exits with 2', async () => {
    const project = await makeProject()
    project.configure({ migrations: { sql: { folder: 'nowhere' } } })
    const { exitCode, stdout } = await project.run(['doctor'])
    expect(exitCode).toBe(2)
    expect(stdout).toMatch(/^problem {2}migrations/m)
    expect(stdout).toMatch(/^ok .* server replica/m)
    expect(stdout).toMatch(/^ok .* tenants/m)
  })

  it('topology shows what servers are, whatever they were declared as, and the tenants', async () => {
    const project = await makeProject()
    const { exitCode, stdout } = await project.run(['topology'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^primary +primary +primary +direct +127\.0\.0\.1:\d+ +18\.\d+/m)
    expect(stdout).toMatch(/^replica +standby +standby .*streaming +\d+ B/m)
    expect(stdout).toContain(project.tenants[0])
    const { primary, standbys } = sandbox
    project.configure({
      servers: [
        { name: 'one', port: primary.port },
        { name: 'two', role: 'standby', port: primary.port },
        { name: 'three', role: 'standby', port: 1 },
        { name: 'four', role: 'standby', port: standbys[0]?.port },
      ],
    })
    const wrong = await project.run(['topology'])
    expect(wrong.exitCode).toBe(0)
    expect(wrong.stdout).toMatch(/^two +standby +primary/m)
    expect(wrong.stdout).toMatch(/^three +standby +unreachable/m)
    const servers: unknown = JSON.parse((await project.run(['topology', '--json'])).stdout)
    expect(servers).toHaveProperty('clusters')
    expect(servers).toHaveProperty('tenants')
  })

  it('status names who is behind and the next step, before and after', async () => {
    const project = await makeProject()
    const [first = ''] = project.tenants
    await project.run(['run', '--yes', '--tenants', first])
    const behind = await project.run(['status'])
    expect(behind.exitCode).toBe(0)
    expect(behind.stdout).toMatch(/2 of 3 tenants are behind 0002\. Next: lockstep plan/)
    expect(behind.stdout).toMatch(new RegExp(`^${first} +0002 +at the target`, 'm'))
    expect(behind.stdout).toMatch(/empty +2 behind/)
    await project.run(['run', '--yes'])
    const done = await project.run(['status', '--json'])
    expect(JSON.parse(done.stdout)).toMatchObject({
      blocked: null,
      lastRuns: [{ outcome: 'migrated' }, { outcome: 'migrated' }],
      tenants: project.tenants.map(tenant => ({ tenant, heads: ['0002'], behind: 0 })),
    })
  })

  it('runs, log and report tell a run from its log, whole or by its beginning', async () => {
    const project = await makeProject()
    const run = await project.run(['run', '--yes', '--json'])
    expect(run.exitCode, run.stderr).toBe(0)
    const report = reportSchema.parse(JSON.parse(run.stdout))
    const id = report.execution_id
    expect((await project.run(['runs'])).stdout).toMatch(
      new RegExp(`^${id} +\\S+ +verb\\d+ +migrated +0$`, 'm'),
    )
    const runs: unknown = JSON.parse((await project.run(['runs', '--json', '-n', '1'])).stdout)
    expect(runs).toMatchObject([{ runId: id, outcome: 'migrated', exitCode: 0 }])

    const told = await project.run(['report', id.slice(0, -2), '--json'])
    expect(reportSchema.parse(JSON.parse(told.stdout))).toEqual(report)
    const stored = readFileSync(join(project.folder, '.lockstep/runs', id, 'report.json'), 'utf8')
    expect(JSON.parse(stored)).toEqual(report)
    expect((await project.run(['report'])).stdout).toMatch(/Migrated: 3 tenants to 0002/)

    const log = await project.run(['log', 'last', '--json'])
    const lines = log.stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(report.log_events)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'run.finished', runId: id })
    const followed = await project.run(['log', '--follow'])
    expect(followed.exitCode).toBe(0)
    expect(followed.stdout.trimEnd().split('\n')).toHaveLength(report.log_events)
    const verified = await project.run(['log', id, '--verify'])
    expect(verified.exitCode).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({ complete: true, head_hash: report.log_head })
  })

  it('recover with nothing to recover says so and exits with 0', async () => {
    const project = await makeProject()
    const { exitCode, stdout, stderr } = await project.run(['recover', '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'nothing_to_do', exit_code: 0 })
    expect(stderr).toMatch(/nothing to recover/)
  })

  it('change nothing in any tenant and leave no log', async () => {
    const project = await makeProject()
    const before = await project.readTenants()
    for (const verb of ['doctor', 'topology', 'plan', 'status', 'runs', 'recover']) {
      expect((await project.run([verb])).exitCode, verb).toBe(0)
    }
    expect(await project.readTenants()).toEqual(before)
    expect((await project.run(['runs', '--json'])).stdout).toBe('[]\n')
  })
})

describe('lockstep run', () => {
  it('is quiet when asked: no line on success, four on failure', async () => {
    const project = await makeProject()
    const quiet = await project.run(['run', '--yes', '--quiet'])
    expect(quiet).toMatchObject({ exitCode: 0, stderr: '' })
    project.writeFiles({ 'migrations/0003_wrong.up.sql': 'select 1 / 0;\n' })
    const failed = await project.run(['run', '--yes', '--quiet'])
    expect(failed.exitCode).toBe(5)
    expect(failed.stderr).toMatch(/division by zero/)
    expect(failed.stderr).not.toMatch(/gate revision_graph passed/)
  })

  it('judges only the gates that are named, and records the others as waived', async () => {
    const project = await makeProject()
    const { exitCode, stdout } = await project.run([
      'run',
      '--yes',
      '--gates',
      'revision_graph,capacity',
      '--json',
    ])
    expect(exitCode).toBe(0)
    const report = reportSchema.parse(JSON.parse(stdout))
    const judged = report.gates.filter(gate => gate.verdict !== 'waived')
    expect(judged.map(gate => gate.gate).sort()).toEqual(['capacity', 'revision_graph'])
    expect(report.gates).toHaveLength(gateNames.length)
    expect(report.summary.safety_gates_passed).toBe(2)
  })

  it('goes back to an older revision only where that is a way forward, and says so', async () => {
    const project = await makeProject()
    expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
    const { exitCode, stderr } = await project.run(['run', '--yes', '--target', '0001'])
    expect([2, 3], stderr).toContain(exitCode)
    expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['0002 with prices']))
  })

  it('refuses a target that nobody knows', async () => {
    const project = await makeProject()
    const { exitCode, stderr } = await project.run(['run', '--yes', '--target', '0099'])
    expect([2, 3], stderr).toContain(exitCode)
    expect(stderr).toContain('0099')
  })
})
