import { readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Report, reportSchema } from '../../electron/reports/report-schema.ts'
import { type LockstepHome, openLockstepHome, type RunningLockstep } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
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
  return makeSmallProject({ home, sandbox, name: `stop${count}` })
}

const everyoneVoted = 'hold:before:group.decided:1'

/** Starts a run and waits until it is held. */
async function holdRun(project: SmallProject, faultPoint: string): Promise<RunningLockstep> {
  const running = project.start(['run', '--yes', '--json'], { faultPoint })
  await running.held
  return running
}

/** Interrupts a held run, waits until it has taken notice, and lets it go on. */
async function interrupt(running: RunningLockstep, signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
  running.signal(signal)
  await waitUntil(() => running.stderr().includes('stopping: no tenant is started any more'), 'the notice')
  running.resume()
  return running.ended
}

function expectProven(report: Report, project: SmallProject): void {
  expect(report.rollback).toMatchObject({ required: true, proven: true })
  expect(report.rollback.tenants.map(tenant => tenant.tenant).sort()).toEqual(project.tenants)
  for (const tenant of report.rollback.tenants) expect(tenant.found).toBe(tenant.before)
}

async function expectUntouched(project: SmallProject): Promise<void> {
  expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['empty']))
  expect(await project.prepared()).toEqual([])
}

describe('an error that nobody caught', () => {
  it('in the midst of a vote is told with its place, and exits with 6 and the command that settles it', async () => {
    const project = await makeProject()
    const ended = await project.run(['run', '--yes', '--json'], {
      environment: { LOCKSTEP_FAULT: 'throw:after:tenant.voted:2' },
    })
    expect(ended.exitCode, ended.stderr).toBe(6)
    expect(ended.stderr).toMatch(/internal error: Error: asked for at tenant.voted\n +at /)
    const document = JSON.parse(ended.stdout) as { readonly outcome: string; readonly next: string }
    expect(document.outcome).toBe('needs_human')
    expect(document.next).toMatch(/^lockstep recover \w+$/)
    expect(await project.prepared()).not.toEqual([])
    expect((await project.run(document.next.split(' ').slice(1))).exitCode).toBe(5)
    await expectUntouched(project)
  })

  it('before any tenant has begun exits with 1', async () => {
    const project = await makeProject()
    const ended = await project.run(['run', '--yes', '--json'], {
      environment: { LOCKSTEP_FAULT: 'throw:after:gate.judged:1' },
    })
    expect(ended.exitCode, ended.stderr).toBe(1)
    expect((await project.run(['recover'])).exitCode).toBe(5)
    expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
  })
})

describe('an interrupted run', () => {
  it.each([
    { signal: 'SIGINT', exitCode: 130, outcome: 'interrupted' },
    { signal: 'SIGTERM', exitCode: 143, outcome: 'terminated' },
    { signal: 'SIGHUP', exitCode: 129, outcome: 'hung_up' },
  ] as const)(
    'by $signal while tenants vote rolls everybody back, proves it and exits with $exitCode',
    async ({ signal, exitCode, outcome }) => {
      const project = await makeProject()
      const ended = await interrupt(await holdRun(project, 'hold:after:tenant.voted:1'), signal)
      expect(ended.exitCode, ended.stderr).toBe(exitCode)
      const report = reportSchema.parse(JSON.parse(ended.stdout))
      expect(report).toMatchObject({ outcome, exit_code: exitCode })
      expectProven(report, project)
      await expectUntouched(project)
      expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
    },
  )

  it('before the first tenant exits with 130 and has changed nothing', async () => {
    const project = await makeProject()
    const ended = await interrupt(await holdRun(project, 'hold:after:snapshot.taken:1'), 'SIGINT')
    expect(ended.exitCode, ended.stderr).toBe(130)
    expect(reportSchema.parse(JSON.parse(ended.stdout)).rollback.required).toBe(false)
    await expectUntouched(project)
  })

  it('after the decision is on record goes through with it', async () => {
    const project = await makeProject()
    const ended = await interrupt(await holdRun(project, 'hold:after:group.decided:1'), 'SIGINT')
    expect(reportSchema.parse(JSON.parse(ended.stdout)).tenants.map(tenant => tenant.state)).toEqual([
      'committed',
      'committed',
      'committed',
    ])
    expect(ended.exitCode, ended.stderr).toBe(0)
    expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['0002 with prices']))
  })

  it.each([
    ['SIGINT', 'SIGTERM', 130],
    ['SIGINT', 'SIGINT', 130],
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGHUP', 'SIGTERM', 129],
  ] as const)(
    'by %s and then %s, as CI cancels a job, is undone to its end: %i',
    async (first, second, code) => {
      const project = await makeProject()
      const running = await holdRun(project, 'hold:after:tenant.voted:1')
      running.signal(first)
      await waitUntil(() => running.stderr().includes('stopping:'), 'the notice')
      // What comes within 400 ms is the same signal, delivered twice.
      await waitUntil(() => {
        running.signal(second)
        return running.stderr().includes(`${second}: undoing goes on, and is waited for.`)
      }, 'the second signal to be heard')
      expect(await project.prepared()).not.toEqual([])
      running.resume()
      const ended = await running.ended
      expect(ended.exitCode, ended.stderr).toBe(code)
      expectProven(reportSchema.parse(JSON.parse(ended.stdout)), project)
      await expectUntouched(project)
    },
  )

  it('twice within one Ctrl-C is interrupted once, and undoes', async () => {
    const project = await makeProject()
    const running = await holdRun(project, 'hold:after:tenant.voted:1')
    running.signal('SIGINT')
    await waitUntil(() => running.stderr().includes('stopping:'), 'the notice')
    running.signal('SIGINT')
    running.resume()
    expect((await running.ended).exitCode).toBe(130)
    await expectUntouched(project)
  })
})

describe('a killed run', () => {
  it('in the middle of a vote stands in the way until recover has rolled it back', async () => {
    const project = await makeProject()
    const running = await holdRun(project, everyoneVoted)
    running.signal('SIGKILL')
    expect((await running.ended).exitCode).toBeNull()
    expect(await project.prepared()).toHaveLength(3)

    const status = await project.run(['status'])
    expect(status.exitCode).toBe(7)
    expect(status.stdout).toMatch(/lockstep recover 01/)
    // Its tables are locked: every tenant is listed all the same, without waiting for them.
    expect(status.stdout.match(/a run is open/g)).toHaveLength(3)
    const plan = await project.run(['plan'])
    expect(plan.exitCode).toBe(7)
    expect(plan.stderr).toMatch(/lockstep recover 01/)

    const refused = await project.run(['run', '--yes', '--json'])
    expect(refused.exitCode, refused.stderr).toBe(7)
    const report = reportSchema.parse(JSON.parse(refused.stdout))
    expect(report.failure).toMatchObject({ kind: 'run_unfinished' })
    expect(report.failure?.fix).toMatch(/^lockstep recover 01[0-9A-Z]{24}$/)
    expect(await project.prepared()).toHaveLength(3)

    const recovered = await project.run(['recover', '--json'])
    expect(recovered.exitCode, recovered.stderr).toBe(5)
    expectProven(reportSchema.parse(JSON.parse(recovered.stdout)), project)
    await expectUntouched(project)
    expect((await project.run(['recover'])).exitCode).toBe(0)
    expect((await project.run(['run', '--yes'])).exitCode).toBe(0)
  })

  it('after its decision is rolled forward by recover', async () => {
    const project = await makeProject()
    const running = await holdRun(project, 'hold:after:group.decided:1')
    running.signal('SIGKILL')
    await running.ended
    expect(await project.prepared()).toHaveLength(3)
    const recovered = await project.run(['recover', '--json'])
    expect(recovered.exitCode, recovered.stderr).toBe(0)
    expect(reportSchema.parse(JSON.parse(recovered.stdout))).toMatchObject({
      outcome: 'migrated',
      recoveries: 1,
    })
    expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['0002 with prices']))
  })

  it('whose log was lost is not guessed about: its votes stay, and a human is asked', async () => {
    const project = await makeProject()
    const running = await holdRun(project, 'hold:after:group.decided:1')
    running.signal('SIGKILL')
    await running.ended
    const runs = join(project.folder, '.lockstep/runs')
    const [runId = ''] = readdirSync(runs)
    truncateSync(join(runs, runId, 'events.jsonl'), 0)
    for (const args of [['recover'], ['recover', runId]]) {
      const recovered = await project.run(args)
      expect(recovered.exitCode, recovered.stderr).toBe(6)
      expect(recovered.stderr).toContain('the log is empty: the events that it held are gone')
      const left = await project.prepared()
      expect(left).toHaveLength(3)
      for (const gid of left) expect(recovered.stderr).toContain(`rollback prepared '${gid}'`)
    }
    expect((await project.run(['run', '--yes'])).exitCode).toBe(7)
    const votes = await sandbox.query('select gid, database from pg_prepared_xacts')
    for (const { gid, database } of votes) await sandbox.query(`rollback prepared '${gid}'`, String(database))
  })

  it('that lives on another process is not settled by recover', async () => {
    const project = await makeProject()
    const running = await holdRun(project, everyoneVoted)
    const refused = await project.run(['recover'])
    expect(refused.exitCode, refused.stderr).toBe(7)
    expect(await project.prepared()).toHaveLength(3)
    running.resume()
    expect((await running.ended).exitCode).toBe(0)
  })
})

describe('a run at work', () => {
  it.each([
    ['before it has votes', 'hold:after:snapshot.taken:1', 0],
    ['while its votes are open', everyoneVoted, 3],
  ])(
    'is named by status and by doctor %s, which plan nothing and send nobody to recover',
    async (_when, point, votes) => {
      const project = await makeProject()
      const running = await holdRun(project, point)
      expect(await project.prepared()).toHaveLength(votes)
      const status = await project.run(['status', '--json'])
      expect(JSON.parse(status.stdout)).toMatchObject({
        plan: null,
        readiness: { verdict: 'running' },
        tenants: [{ behind: null }, { behind: null }, { behind: null }],
      })
      const doctor = await project.run(['doctor'])
      expect(doctor.stdout).toContain('unfinished runs')
      expect(status.stdout + doctor.stdout + doctor.stderr).not.toMatch(/lockstep recover/)
      running.resume()
      expect((await running.ended).exitCode).toBe(0)
      const after = JSON.parse((await project.run(['status', '--json'])).stdout)
      expect(after).toMatchObject({ readiness: { verdict: 'up_to_date' }, blocked: null })
    },
  )
})

describe('two runs at once', () => {
  it('are one run: the second is refused with 7, and waits for the lock when it may', async () => {
    const project = await makeProject()
    const running = await holdRun(project, everyoneVoted)
    const refused = await project.run(['run', '--yes'])
    expect(refused.exitCode, refused.stderr).toBe(7)
    expect(refused.stderr).toMatch(/Another run is at work/)
    const waiting = project.start(['run', '--yes', '--wait', '60'])
    await waitUntil(() => waiting.stderr().includes('topology discovery done'), 'the second run to wait')
    running.resume()
    expect((await running.ended).exitCode).toBe(0)
    const waited = await waiting.ended
    expect(waited.exitCode, waited.stderr).toBe(0)
    expect(waited.stderr).toMatch(/nothing to do/)
  })
})
