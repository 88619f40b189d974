import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { reportSchema } from '../../electron/reports/report-schema.ts'
import { needs } from '../support/needs.ts'
import { type LockstepHome, openLockstepHome, type RunningLockstep } from '../support/run-lockstep.ts'
import { withSmallDisk } from '../support/small-disk.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { runAtTerminal } from '../support/terminal.ts'
import { waitUntil } from '../support/wait-until.ts'
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
  expect(await sandbox.query('select gid from pg_prepared_xacts')).toEqual([])
})

afterAll(async () => {
  await home.close()
  await close()
})

function makeProject(): Promise<SmallProject> {
  count += 1
  return makeSmallProject({ home, sandbox, name: `lost${count}` })
}

const everyoneVoted = 'hold:before:group.decided:1'

async function expectMigrated(project: SmallProject): Promise<void> {
  expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['0002 with prices']))
}

function dropReaders(running: RunningLockstep): void {
  running.process.stdout?.destroy()
  running.process.stderr?.destroy()
}

describe('a run whose output nobody reads any more', () => {
  it.each([
    ['lines', []],
    ['every event as a line', ['--verbose']],
    ['events', ['--json=events']],
    ['a document', ['--json']],
  ])('goes on to its end when it writes %s', async (_what, flags) => {
    const project = await makeProject()
    const running = project.start(['run', '--yes', ...flags], { faultPoint: everyoneVoted })
    await running.held
    dropReaders(running)
    running.resume()
    expect((await running.ended).exitCode).toBe(0)
    await expectMigrated(project)
    expect(JSON.parse((await project.run(['log', '--verify'])).stdout)).toMatchObject({ complete: true })
  })

  it('is undone to its end, and gives the code that it has earned', async () => {
    const project = await makeProject()
    project.writeFiles({ 'migrations/0003_wrong.up.sql': 'select 1 / 0;\n' })
    const running = project.start(['run', '--yes', '--verbose'], {
      faultPoint: 'hold:after:snapshot.taken:3',
    })
    await running.held
    dropReaders(running)
    running.resume()
    expect((await running.ended).exitCode).toBe(5)
    expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['empty']))
  })

  it('is said once where standard error is still read', async () => {
    const project = await makeProject()
    const running = project.start(['run', '--yes', '--json=events'], { faultPoint: everyoneVoted })
    await running.held
    running.process.stdout?.destroy()
    running.resume()
    const { exitCode, stderr } = await running.ended
    expect(exitCode, stderr).toBe(0)
    const note =
      /note: standard output cannot be written any more, its reader has gone; the log has everything: lockstep report/g
    expect(stderr.match(note)).toHaveLength(1)
  })

  it('is recovered and rolled back all the same', async () => {
    const project = await makeProject()
    const killed = project.start(['run', '--yes'], { faultPoint: 'hold:after:group.decided:1' })
    await killed.held
    killed.signal('SIGKILL')
    await killed.ended
    const recovering = project.start(['recover', '--json'], { faultPoint: 'hold:before:recovery.settled:1' })
    await recovering.held
    dropReaders(recovering)
    recovering.resume()
    expect((await recovering.ended).exitCode).toBe(0)
    await expectMigrated(project)
    const back = project.start(['rollback', 'last', '--yes', '--accept-loss', '--reason=a test'], {
      faultPoint: everyoneVoted,
    })
    await back.held
    dropReaders(back)
    back.resume()
    expect((await back.ended).exitCode).toBe(0)
    expect(await project.prepared()).toEqual([])
  })
})

const testOnDisk = needs('a disk of its own')

describe('a full disk under the output', () => {
  testOnDisk.each([
    ['lines', []],
    ['events', ['--json=events']],
    ['a document', ['--json']],
  ])('does not end a run that writes %s', (_what, flags) =>
    withSmallDisk(65_536, async disk => {
      const project = await makeProject()
      const files = ['stdout', 'stderr'].map(name => openSync(join(disk.folder, name), 'a'))
      const [stdout = -1, stderr = -1] = files
      const running = project.start(['run', '--yes', '--verbose', ...flags], {
        faultPoint: everyoneVoted,
        outputs: { stdout, stderr },
      })
      await running.held
      disk.fill()
      running.resume()
      expect((await running.ended).exitCode).toBe(0)
      for (const file of files) closeSync(file)
      await expectMigrated(project)
      const report = await project.run(['report', '--json'])
      expect(reportSchema.parse(JSON.parse(report.stdout))).toMatchObject({
        outcome: 'migrated',
        exit_code: 0,
      })
    }),
  )

  testOnDisk('is an error of a verb whose only result is what it writes', () =>
    withSmallDisk(65_536, async disk => {
      const project = await makeProject()
      disk.fill()
      for (const args of [['plan', '--no-rehearse', '--json'], ['status', '--json'], ['explain']]) {
        const stdout = openSync(join(disk.folder, 'stdout'), 'a')
        const { exitCode, stderr } = await project.run(args, { outputs: { stdout } })
        closeSync(stdout)
        expect([exitCode, stderr]).toEqual([
          1,
          'error: standard output cannot be written: the disk is full\n',
        ])
      }
    }),
  )
})

describe('what is piped into a reader that soon goes', () => {
  it('ends quietly, whatever the verb', async () => {
    const project = await makeProject()
    expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
    const environment = { ...home.environment, LOCKSTEP_STATE_DIR: undefined }
    for (const line of [
      'log | head -1',
      'log --follow | head -1',
      'runs | head -1',
      'runs --json | true',
      'plan --no-rehearse | head -1',
      'status | true',
      '--help | true',
    ]) {
      const command = `"${process.execPath}" "${inject('launcher')}" ${line.replace('|', '2>stderr |')}; echo "\${PIPESTATUS[0]}" >code`
      spawnSync('bash', ['-c', command], { cwd: project.folder, env: environment, timeout: 60_000 })
      const found = ['code', 'stderr'].map(name => readFileSync(join(project.folder, name), 'utf8').trim())
      expect([line, ...found]).toEqual([line, '0', ''])
    }
  })
})

/** The last tenant takes its time, while the others are prepared. */
const slowInLastTenant = {
  'migrations/0003_slow.up.sql':
    "do $$ begin if current_database() like '%_c' then perform pg_sleep(120); end if; end $$;\n",
}

const testAtTerminal = needs('python')

describe('a terminal', () => {
  const open = (project: SmallProject, args: readonly string[]) =>
    runAtTerminal([process.execPath, inject('launcher'), ...args], {
      folder: project.folder,
      environment: { ...home.environment, LOCKSTEP_STATE_DIR: undefined },
    })

  testAtTerminal('that shows nothing any more, as after Ctrl-S, holds no vote back', async () => {
    const project = await makeProject()
    const terminal = open(project, ['run', '--yes'])
    await waitUntil(() => terminal.text().includes('planning'), 'the run to begin')
    terminal.press('\x13')
    await waitUntil(
      async () => Object.values(await project.readTenants()).every(found => found === '0002 with prices'),
      'the tenants to be migrated',
    )
    await waitUntil(
      async () => (await project.run(['runs'])).stdout.includes('migrated'),
      'the end of the run',
    )
    terminal.press('\x11')
    expect(await terminal.ended).toBe(0)
    expect(terminal.text()).toContain('Migrated: 3 tenants')
  })

  testAtTerminal('that goes away interrupts a run, which is undone and proven, with 129', async () => {
    const project = await makeProject()
    project.writeFiles(slowInLastTenant)
    const terminal = open(project, ['run', '--yes'])
    await waitUntil(async () => (await project.prepared()).length === 2, 'two votes')
    terminal.hangUp()
    expect(await terminal.ended).toBe(129)
    expect(await project.prepared()).toEqual([])
    const { stdout } = await project.run(['report', '--json'])
    expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({
      outcome: 'hung_up',
      exit_code: 129,
      rollback: { proven: true },
    })
    expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['empty']))
  })

  testAtTerminal(
    'that goes away at the question has changed nothing, with 129 and an end on record',
    async () => {
      const project = await makeProject()
      const terminal = open(project, ['run'])
      await waitUntil(() => terminal.text().includes('Type yes'), 'the question', 60)
      terminal.hangUp()
      expect(await terminal.ended).toBe(129)
      const [run] = JSON.parse((await project.run(['runs', '--json'])).stdout)
      expect(run).toMatchObject({ outcome: 'hung_up', exitCode: 129 })
    },
  )

  testAtTerminal(
    'where Ctrl-C is pressed twice in two seconds is left at once, with 6 and the way on',
    async () => {
      const project = await makeProject()
      project.writeFiles(slowInLastTenant)
      const terminal = open(project, ['run', '--yes'])
      await waitUntil(async () => (await project.prepared()).length === 2, 'two votes')
      // A server that lets nobody in keeps votes from being rolled back.
      const doorkeeper = sandbox.primary.pid
      if (doorkeeper === null) throw new Error('the primary is not running')
      process.kill(doorkeeper, 'SIGSTOP')
      try {
        terminal.press('\x03')
        await waitUntil(
          () => terminal.text().includes('Press Ctrl-C again within 2 s to leave at once'),
          'the hint',
        )
        await waitUntil(() => {
          terminal.press('\x03')
          return terminal.text().includes('left at once')
        }, 'the second Ctrl-C')
        expect(await terminal.ended).toBe(6)
        expect(terminal.text()).toMatch(
          /left at once: tenants may stay prepared and locked\. Next: lockstep recover 01/,
        )
      } finally {
        process.kill(doorkeeper, 'SIGCONT')
      }
      const recovered = await project.run(['recover'])
      expect(recovered.exitCode, recovered.stderr).toBe(5)
      expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['empty']))
    },
  )
})
