import { expect } from 'vitest'
import type { DevCompose } from '../support/dev-compose.ts'
import {
  askService,
  devHead,
  readDevHeads,
  shareDevProject,
  waitForStandbys,
  writeDevConfig,
} from '../support/dev-project.ts'
import { needs } from '../support/needs.ts'
import { type LockstepResult, type RunningLockstep, waitForLine } from '../support/run-lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'

const it = needs('docker', 'docker compose')
const withDevProject = shareDevProject('crash')

it("the primary's container killed during the vote: nothing is migrated, and recover settles what is left", async () => {
  await withCrashProject(async project => {
    const run = await project.hold('hold:after:tenant.voted:1')
    await killContainer(project, 'primary')
    run.resume()
    const ended = await run.ended
    expect([5, 6], ended.stderr).toContain(ended.exitCode)

    await startAgain(project, 'primary')
    const recovered = await project.run('recover', '--json')
    expect([0, 5], recovered.stderr).toContain(recovered.exitCode)
    expect(await listPrepared(project)).toBe('')
    expect(await readDevHeads(project)).toEqual(['none', 'none', 'none'])

    await waitForStandbys(project)
    const next = await project.run('run', '--yes', '--json')
    expect(next.exitCode, next.stderr).toBe(0)
    expect(await readDevHeads(project)).toEqual([devHead, devHead, devHead])
  })
})

it("the primary's container killed between the decision and the commit: the decision on record is carried out", async () => {
  await withCrashProject(async project => {
    const run = await project.hold('hold:after:group.decided:1')
    await killContainer(project, 'primary')
    run.resume()
    await startAgain(project, 'primary')
    const ended = await run.ended
    expect([0, 6], ended.stderr).toContain(ended.exitCode)
    if (ended.exitCode === 6) {
      const recovered = await project.run('recover', '--json')
      expect([0, 6], recovered.stderr).toContain(recovered.exitCode)
    }
    expect(await listPrepared(project)).toBe('')
    // The canary's decision to commit was on record: it is at the head, whatever became of the rest.
    const [canary, ...rest] = await readDevHeads(project)
    expect(canary).toBe(devHead)
    expect(new Set(rest).size).toBe(1)
  })
})

it('Ctrl-C while tenants vote in a container rolls everything back, with exit code 130 and no runner left inside', async () => {
  await withCrashProject(async project => {
    const run = await project.hold('hold:after:tenant.voted:1')
    const processes = () => project.compose('top', 'app')
    expect(await processes()).toContain('utf8')
    run.signal('SIGINT')
    await waitForLine(run, 'stopping:')
    run.resume()
    const ended = await run.ended
    expect(ended.exitCode, ended.stderr).toBe(130)
    expect(await listPrepared(project)).toBe('')
    expect(await readDevHeads(project)).toEqual(['none', 'none', 'none'])
    await waitUntil(async () => !(await processes()).includes('utf8'), 'every runner in the container to end')
  })
})

it('a standby whose container dies before the commit is named as the one that did not follow', async () => {
  await withCrashProject(async project => {
    const run = await project.hold('hold:before:group.decided:1')
    await killContainer(project, 'standby-2')
    run.resume()
    const ended = await run.ended
    const report = JSON.parse(ended.stdout)
    expect(ended.exitCode, ended.stderr).toBe(6)
    expect(report.failure.facts.server).toBe('standby-2')
    const standby = report.replicas.find((one: { server: string }) => one.server === 'standby-2')
    expect(standby).toMatchObject({ caught_up: false })
    expect(await listPrepared(project)).toBe('')
  })
})

interface CrashProject extends DevCompose {
  run(...args: string[]): Promise<LockstepResult>
  /** A run that stands still at a fault point. */
  hold(faultPoint: string): Promise<RunningLockstep>
}

async function withCrashProject(use: (project: CrashProject) => Promise<void>): Promise<void> {
  await withDevProject(async (project, home) => {
    const given = { folder: writeDevConfig(project, home), environment: project.env }
    await use({
      ...project,
      run: (...args) => home.run(args, given),
      async hold(faultPoint) {
        const run = home.start(['run', '--yes', '--json'], { ...given, faultPoint })
        await run.held
        return run
      },
    })
  })
}

async function killContainer(project: DevCompose, service: string): Promise<void> {
  await project.compose('kill', '--signal', 'SIGKILL', service)
}

async function startAgain(project: DevCompose, service: string): Promise<void> {
  await project.compose('up', '-d', '--wait', '--no-recreate', service)
}

function listPrepared(project: DevCompose): Promise<string> {
  return askService(project, 'primary', 'select gid from pg_prepared_xacts')
}
