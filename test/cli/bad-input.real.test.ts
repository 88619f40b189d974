import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { reportSchema } from '../../electron/reports/report-schema.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

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

function makeProject(options: { readonly tenants?: readonly string[] } = {}): Promise<SmallProject> {
  count += 1
  return makeSmallProject({ home, sandbox, name: `bad${count}`, ...options })
}

function readEverything(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile())
    .map(file => readFileSync(file, 'utf8'))
    .join('\n')
}

describe('servers and tenants', () => {
  it('a database that does not exist is named, with exit code 2', async () => {
    const project = await makeProject()
    project.configure({ servers: [{ name: 'primary', port: sandbox.primary.port, database: 'nowhere' }] })
    const { exitCode, stderr, stdout } = await project.run(['run', '--yes', '--json'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/There is no database nowhere[\s\S]*where server primary[\s\S]*next {2}lockstep/)
    expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'config_invalid',
      failure: { kind: 'database_missing' },
    })
  })

  it('a tenant whose database does not exist is named, with exit code 2', async () => {
    const project = await makeProject()
    project.configure({ tenants: { query: "select 'gone'::text as tenant" } })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/There is no database gone/)
  })

  it('a tenant that a list names and no server has is named, and the others do not go without it', async () => {
    const project = await makeProject()
    project.configure({ tenants: { databases: [...project.tenants, 'mispelt'] } })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/There is no database mispelt/)
    expect(new Set(Object.values(await project.readTenants())).size).toBe(1)
    const others = await project.run(['run', '--yes', '--tenants', ...project.tenants])
    expect(others.exitCode, others.stderr).toBe(0)
  })

  it('a wrong password is refused with exit code 2, and printed nowhere', async () => {
    const project = await makeProject()
    const secret = 'wr0ng:Secret-7d31'
    const environment = { PGPASSWORD: secret }
    for (const verb of [['run', '--yes', '--json'], ['plan'], ['topology'], ['status'], ['recover']]) {
      const { exitCode, stdout, stderr } = await project.run(verb, { environment })
      expect(exitCode, `${verb[0]}: ${stderr}`).toBe(2)
      expect(stderr).toMatch(/refuses the login of postgres/)
      expect(`${stdout}${stderr}`).not.toContain(secret)
    }
    const doctor = await project.run(['doctor'], { environment })
    expect(doctor.exitCode).toBe(2)
    expect(`${doctor.stdout}${doctor.stderr}`).toMatch(/refuses the login of postgres/)
    expect(`${doctor.stdout}${doctor.stderr}`).not.toContain(secret)
    expect(readEverything(join(project.folder, '.lockstep'))).not.toContain(secret)
  })

  it('a password in the project file is printed nowhere, right or wrong', async () => {
    const project = await makeProject()
    const { user, password } = sandbox.superuser
    const login = { name: 'primary', port: sandbox.primary.port, user }
    for (const given of [password ?? '', 'wr0ng:Secret-a55e']) {
      project.configure({ servers: [{ ...login, password: given }] })
      const { stdout, stderr } = await project.run(['run', '--yes', '--verbose'], {
        environment: { PGPASSWORD: undefined },
      })
      expect(stderr).toMatch(given === password ? /run finished: migrated/ : /refuses the login of postgres/)
      expect(`${stdout}${stderr}${readEverything(join(project.folder, '.lockstep'))}`).not.toContain(given)
    }
  })

  it('an empty list of tenants is refused with exit code 2, saying where it was looked', async () => {
    const project = await makeProject({ tenants: [] })
    const listed = await project.run(['run', '--yes'])
    expect(listed.exitCode).toBe(2)
    expect(listed.stderr).toMatch(/The configuration is wrong at tenants\.databases/)
    project.configure({ tenants: { databases: 'nobody_*' } })
    expect((await project.run(['plan'])).exitCode).toBe(2)
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/There are no tenants[\s\S]*databases: nobody_\*/)
    project.configure({ tenants: { query: 'select null::text where false' } })
    expect((await project.run(['plan'])).exitCode).toBe(2)
  })

  it('a tenant that nobody knows is refused with exit code 2, naming those that are known', async () => {
    const project = await makeProject()
    const { exitCode, stderr } = await project.run(['run', '--yes', '--tenants', 'shop_z'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/There is no tenant shop_z[\s\S]*Known: bad\d+_a, bad\d+_b, bad\d+_c/)
  })

  it('a server where nothing listens is named with its address', async () => {
    const project = await makeProject()
    project.configure({ servers: [{ name: 'primary', port: 1 }] })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/Server primary cannot be reached[\s\S]*127\.0\.0\.1:1[\s\S]*ECONNREFUSED/)
  })

  it('tenants whose names hold quotes, spaces, dollars and unicode migrate as all others do', async () => {
    const tenants = ['Bäckerei "Süß" & Söhne', "o'hara shop", 'a$1 %s {x}', '商店', 'semi;colon -- drop']
    const project = await makeProject({ tenants })
    const { exitCode, stdout, stderr } = await project.run(['run', '--yes', '--json'])
    expect(exitCode, stderr).toBe(0)
    const report = reportSchema.parse(JSON.parse(stdout))
    expect(report.tenants.map(tenant => [tenant.tenant, tenant.state]).sort()).toEqual(
      tenants.map(tenant => [tenant, 'committed']).sort(),
    )
    expect(await project.readTenants()).toEqual(
      Object.fromEntries(tenants.map(tenant => [tenant, '0002 with prices'])),
    )
    expect(await project.prepared()).toEqual([])
    const again = await project.run(['run', '--yes'])
    expect(again.stderr).toMatch(/nothing to do/)
  })
})

describe('migrations', () => {
  it('a folder that is not there is named, with exit code 2', async () => {
    const project = await makeProject()
    project.configure({ migrations: { sql: { folder: 'nowhere' } } })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain('nowhere')
  })

  it('a syntax error in a file is refused before anything changes, with its file', async () => {
    const project = await makeProject()
    project.writeFiles({ 'migrations/0002_prices.up.sql': 'create table prices (item integer;\n' })
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain('0002_prices.up.sql')
    expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['empty']))
  })

  it('a statement that a tenant refuses undoes every tenant, and says which row was in the way', async () => {
    const project = await makeProject()
    project.writeFiles({
      'migrations/0003_unique.up.sql': 'alter table items add constraint items_name_key unique (name);\n',
      'migrations/0003_unique.down.sql': 'alter table items drop constraint items_name_key;\n',
    })
    expect((await project.run(['run', '--yes', '--target', '0002'])).exitCode).toBe(0)
    await sandbox.query("insert into items values (2, 'one')", project.tenants[1])
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(5)
    expect(stderr).toMatch(/items_name_key[\s\S]*0003_unique\.up\.sql/)
    expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['0002 with prices']))
    expect(await project.prepared()).toEqual([])
  })
})

describe('a run log', () => {
  /** A migrated project, and the log of its run. */
  async function runOnce(): Promise<{ readonly project: SmallProject; runId: string; file: string }> {
    const project = await makeProject()
    const { exitCode, stderr } = await project.run(['run', '--yes'])
    expect(exitCode, stderr).toBe(0)
    const [runId = ''] = readdirSync(join(project.folder, '.lockstep/runs'))
    return { project, runId, file: join(project.folder, '.lockstep/runs', runId, 'events.jsonl') }
  }

  it('that was emptied is told apart from a run, and stands in nobody’s way', async () => {
    const { project, runId, file } = await runOnce()
    truncateSync(file, 0)
    for (const verb of ['log', 'report']) {
      const { exitCode, stdout, stderr } = await project.run([verb, runId])
      expect(exitCode, stderr).toBe(1)
      expect(stderr).toMatch(/the log is empty|the log holds 0/)
      expect(stderr).toContain(file)
      expect(stdout).toBe('')
    }
    const runs = await project.run(['runs'])
    expect(runs.exitCode).toBe(0)
    expect(runs.stdout).toMatch(/the log is empty/)
    const verified = await project.run(['log', runId, '--verify'])
    expect(verified.exitCode).toBe(1)
    expect((await project.run(['recover'])).exitCode).toBe(0)
    expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
  })

  it('whose last line was cut off still tells everything before it, and is repaired by recover', async () => {
    const { project, runId, file } = await runOnce()
    truncateSync(file, statSync(file).size - 100)
    const log = await project.run(['log', runId])
    expect(log.exitCode).toBe(0)
    expect(log.stdout).toMatch(/group all decided to commit/)
    expect(log.stderr).toMatch(/note: the last line is cut off/)
    const report = await project.run(['report', runId])
    expect(report.stdout).toMatch(/has not ended/)
    expect(report.stderr).toMatch(/note: the last line is cut off/)
    const runs = await project.run(['runs'])
    expect(runs.stdout).toMatch(/unfinished: lockstep recover/)
    expect((await project.run(['log', runId, '--verify'])).exitCode).toBe(1)
    const refused = await project.run(['run', '--yes'])
    expect(refused.exitCode).toBe(7)
    expect(refused.stderr).toContain(`lockstep recover ${runId}`)
    const recovered = await project.run(['recover'])
    expect(recovered.exitCode, recovered.stderr).toBe(0)
    expect((await project.run(['log', runId, '--verify'])).exitCode).toBe(0)
    expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
  })

  it('that was edited is not believed, and --verify names the line', async () => {
    const { project, runId, file } = await runOnce()
    const lines = readFileSync(file, 'utf8').split('\n')
    const decided = lines.findIndex(line => line.includes('"type":"group.decided"'))
    writeFileSync(
      file,
      lines.map((line, index) => (index === decided ? line.replace('commit', 'rollback') : line)).join('\n'),
    )
    const verified = await project.run(['log', runId, '--verify'])
    expect(verified.exitCode).toBe(1)
    // The edited line still follows the one before it; the next one does not follow the edited line.
    expect(JSON.parse(verified.stdout)).toMatchObject({ run_id: runId, line: decided + 2 })
    for (const verb of ['log', 'report']) {
      const { exitCode, stderr } = await project.run([verb, runId])
      expect(exitCode, `${verb}: ${stderr}`).toBe(1)
      expect(stderr).toMatch(/a line was changed, removed or moved/)
      expect(stderr).toContain(`${file}:${decided + 2}`)
    }
    appendFileSync(file, 'garbage\n')
    const runs = await project.run(['runs'])
    expect(runs.exitCode).toBe(0)
    expect(runs.stdout).toMatch(new RegExp(`${runId}.*line ${decided + 2}: `))
  })

  it('that was edited is recovered from the databases, and from nothing behind the edited line', async () => {
    const { project, runId, file } = await runOnce()
    const lines = readFileSync(file, 'utf8').split('\n')
    const decided = lines.findIndex(line => line.includes('"type":"group.decided"'))
    writeFileSync(
      file,
      lines.map((line, index) => (index === decided ? line.replace('commit', 'rollback') : line)).join('\n'),
    )
    const recovered = await project.run(['recover', runId])
    expect(recovered.exitCode, recovered.stderr).toBe(0)
    expect(recovered.stderr).toContain(`the log of run ${runId} is damaged`)
    expect(recovered.stderr).toMatch(/a line was changed, removed or moved/)
    expect((await project.run(['log', runId, '--verify'])).exitCode).toBe(0)
  })

  it('that nobody knows is refused with exit code 2, naming those that are kept', async () => {
    const { project, runId } = await runOnce()
    for (const verb of ['log', 'report', 'recover']) {
      const { exitCode, stderr } = await project.run([verb, '01ZZZZ'])
      expect(exitCode, `${verb}: ${stderr}`).toBe(2)
      expect(stderr).toContain(runId)
    }
  })
})
