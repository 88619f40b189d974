import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { reportSchema } from '../../electron/reports/report-schema.ts'
import { revision, stockEnvironment } from '../adapters/alembic/support/alembic-project.ts'
import { needs } from '../support/needs.ts'
import { pythonEnvironment } from '../support/python-environment.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

const test = needs('python')

let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let count = 0

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0, auth: 'scram' }))
})

afterEach(async () => {
  expect(await home.traces()).toEqual([])
})

afterAll(async () => {
  await home.close()
  await close()
})

const table = revision('r1', null, "op.create_table('items', sa.Column('id', sa.Integer, primary_key=True))")
const prices = revision(
  'r2',
  'r1',
  "op.create_table('prices', sa.Column('item', sa.Integer, sa.ForeignKey('items.id')))",
)

/** A small project whose migrations are an Alembic project; `python` null means that it has to be found. */
async function makeProject(options: {
  readonly python?: string | null
  readonly tenants?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
}): Promise<SmallProject> {
  count += 1
  const python = options.python === undefined ? await pythonEnvironment() : options.python
  const project = await makeSmallProject({
    home,
    sandbox,
    name: `bad${count}`,
    ...(options.tenants ? { tenants: options.tenants } : {}),
    config: { migrations: { alembic: { config: 'alembic.ini', ...(python === null ? {} : { python }) } } },
  })
  project.writeFiles({
    'alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = driver://\n',
    'alembic/env.py': stockEnvironment.replace('fileConfig(config.config_file_name)', 'pass'),
    'alembic/versions/r1.py': table,
    'alembic/versions/r2.py': prices,
    ...options.files,
  })
  return project
}

async function readHeads(tenant: string): Promise<readonly string[]> {
  const [found] = await sandbox.query(
    "select to_regclass('public.alembic_version') is not null as known",
    tenant,
  )
  if (found?.known !== true) return []
  return (await sandbox.query('select version_num from alembic_version', tenant)).map(row =>
    String(row.version_num),
  )
}

async function expectUntouched(project: SmallProject): Promise<void> {
  for (const tenant of project.tenants) expect(await readHeads(tenant)).toEqual([])
  expect(await project.prepared()).toEqual([])
}

describe('an Alembic project', () => {
  test('migrates, also tenants whose names hold quotes, spaces, percent signs and unicode', async () => {
    const tenants = [
      'Bäckerei "Süß" & Söhne',
      "o'hara shop",
      '50% of $1 {x} @host:1/db?a=b#c',
      '商店',
      'plain',
    ]
    const project = await makeProject({ tenants })
    const { exitCode, stdout, stderr } = await project.run(['run', '--yes', '--json'])
    expect(exitCode, stderr).toBe(0)
    expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'migrated',
      source: 'alembic',
      summary: { tenants_validated: tenants.length },
    })
    for (const tenant of tenants) expect(await readHeads(tenant)).toEqual(['r2'])
    expect(await project.prepared()).toEqual([])
  })

  test('prints no password, neither of the server nor in its own alembic.ini', async () => {
    const project = await makeProject({})
    const own = 'postgresql://someone:s3cret-in-ini@nowhere/db'
    project.writeFiles({
      'alembic.ini': `[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = ${own}\n`,
    })
    const ended = await project.run(['run', '--yes', '--verbose'])
    expect(ended.exitCode, ended.stderr).toBe(0)
    const logs = readdirSync(join(project.folder, '.lockstep'), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.jsonl?$/.test(name))
      .map(name => readFileSync(join(project.folder, '.lockstep', name), 'utf8'))
    const printed = [ended.stdout, ended.stderr, ...logs].join('\n')
    expect(printed).not.toContain('s3cret-in-ini')
    expect(printed).not.toContain(sandbox.superuser.password ?? 'no password')
  })

  test('with an interpreter that is not there is refused with exit code 2, naming it', async () => {
    const project = await makeProject({ python: '/nowhere/bin/python' })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain('/nowhere/bin/python')
    const doctor = await project.run(['doctor'])
    expect(doctor.exitCode).toBe(2)
    expect(doctor.stdout).toMatch(/^problem {2}migrations/m)
  })

  test('where no interpreter is found says where it was looked', async () => {
    const project = await makeProject({ python: null })
    const { exitCode, stderr } = await project.run(['plan'], { environment: { PATH: '/nowhere' } })
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/No Python interpreter was found[\s\S]*python3 on PATH[\s\S]*fix {2}Name it as/)
  })

  test('whose interpreter has no Alembic is refused with exit code 2 and the command that installs it', async () => {
    const project = await makeProject({ python: null })
    const place = join(project.folder, '.venv')
    const made = spawnSync(await pythonEnvironment(), ['-m', 'venv', '--without-pip', place])
    expect(made.status).toBe(0)
    const { exitCode, stderr } = await project.run(['run', '--yes'], { environment: { PATH: '/nowhere' } })
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/lacks alembic/)
    expect(stderr).toContain(join(place, 'bin'))
    expect(stderr).toMatch(/-m pip install alembic/)
  })

  test('whose env.py raises is refused with its file, its line and its words', async () => {
    const project = await makeProject({
      files: { 'alembic/env.py': 'import os\n\nraise RuntimeError("no settings for " + "you")\n' },
    })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/env\.py:3/)
    expect(stderr).toMatch(/no settings for you/)
    await expectUntouched(project)
  })

  test('whose revision imports what is not installed is refused with the name of the module', async () => {
    const project = await makeProject({
      files: {
        'alembic/versions/r2.py': revision('r2', 'r1', 'pass', { imports: 'import not_installed_here' }),
      },
    })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/not_installed_here/)
    expect(stderr).toMatch(/r2\.py/)
    await expectUntouched(project)
  })

  test('whose revision raises in the middle of its work undoes every tenant', async () => {
    const project = await makeProject({
      files: {
        'alembic/versions/r2.py': revision(
          'r2',
          'r1',
          "op.execute('insert into items values (1)')\nif op.get_bind().engine.url.database.endswith('_c'):\n    raise ValueError('not with me')",
        ),
      },
    })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(5)
    expect(stderr).toMatch(/not with me/)
    expect(stderr).toMatch(/r2\.py/)
    await expectUntouched(project)
  })

  test('with a syntax error in a revision is refused with its file and line', async () => {
    const project = await makeProject({ files: { 'alembic/versions/r2.py': `${prices}\ndef broken(:\n` } })
    const { exitCode, stderr } = await project.run(['plan'])
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/r2\.py:\d+/)
  })

  test('is interrupted by killing the run: no interpreter stays', async () => {
    const project = await makeProject({})
    const running = project.start(['run', '--yes'], { faultPoint: 'hold:before:group.decided:1' })
    await running.held
    running.signal('SIGKILL')
    await running.ended
    const recovered = await project.run(['recover'])
    expect(recovered.exitCode, recovered.stderr).toBe(5)
    await expectUntouched(project)
  })
})
