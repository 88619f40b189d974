import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { reportSchema } from '../../electron/reports/report-schema.ts'
import { needs } from '../support/needs.ts'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'
import { type SmallDisk, withSmallDisk } from '../support/small-disk.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../support/with-sandbox.ts'

let home: LockstepHome
let sandbox: TestSandbox
let close: () => Promise<void>
let count = 0

beforeAll(async () => {
  home = openLockstepHome()
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
})

afterAll(async () => {
  await home.close()
  await close()
})

/** A project whose runs are kept on a disk that is soon full. */
async function withFullingDisk(
  use: (
    project: SmallProject,
    disk: SmallDisk & { readonly environment: Readonly<Record<string, string>> },
  ) => Promise<void>,
): Promise<void> {
  count += 1
  const project = await makeSmallProject({ home, sandbox, name: `full${count}` })
  await withSmallDisk(4 * 1024 * 1024, disk =>
    use(project, { ...disk, environment: { LOCKSTEP_STATE_DIR: disk.folder } }),
  )
  expect(await home.traces()).toEqual([])
}

async function expectUntouched(project: SmallProject): Promise<void> {
  expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['empty']))
  expect(await project.prepared()).toEqual([])
}

/** One tenant after the other, with a statement that does not fit into what is left of a page. */
function makeEventsLarge(project: SmallProject): void {
  project.configure({ groups: [{ name: 'all', tenants: '*', parallel: 1 }] })
  const columns = Array.from({ length: 600 }, (_, index) => `a_rather_long_name_of_a_column_${index} integer`)
  project.writeFiles({ 'migrations/0002_prices.up.sql': `create table prices (${columns.join(', ')});\n` })
}

const test = needs('a disk of its own')

describe('a full disk under the run log', () => {
  test('stops a run before it begins, says what to do, and leaves nothing half made', () =>
    withFullingDisk(async (project, { fill, free, environment }) => {
      fill()
      const { exitCode, stdout, stderr } = await project.run(['run', '--yes', '--json'], { environment })
      expect(exitCode, stderr).toBe(1)
      expect(stderr).toMatch(/The run log cannot be written\.[\s\S]*The disk is full\.[\s\S]*Free some space/)
      expect(JSON.parse(stdout)).toMatchObject({ exit_code: 1, failure: { kind: 'log_unwritable' } })
      await expectUntouched(project)
      free()
      expect((await project.run(['runs', '--json'], { environment })).stdout).toBe('[]\n')
      expect((await project.run(['run', '--yes'], { environment })).exitCode).toBe(0)
    }))

  test('that comes while tenants migrate is undone, proven, and told to the end of the log', () =>
    withFullingDisk(async (project, { fill, free, environment }) => {
      makeEventsLarge(project)
      const running = project.start(['run', '--yes', '--json'], {
        environment,
        faultPoint: 'hold:after:snapshot.taken:3',
      })
      await running.held
      fill()
      running.resume()
      const ended = await running.ended
      expect(ended.exitCode, ended.stderr).toBe(5)
      expect(ended.stderr).toMatch(/The disk is full/)
      // Space was kept for the end: it is on record, proof included.
      const report = reportSchema.parse(JSON.parse(ended.stdout))
      expect(report).toMatchObject({ outcome: 'rolled_back', rollback: { proven: true } })
      await expectUntouched(project)
      const verified = await project.run(['log', '--verify'], { environment })
      expect(JSON.parse(verified.stdout)).toMatchObject({ complete: true, problem: null })
      free()
      expect((await project.run(['run', '--yes'], { environment })).exitCode).toBe(0)
    }))

  test('that leaves no room even for the end loses nothing: recover closes the log', () =>
    withFullingDisk(async (project, { folder, fill, free, environment }) => {
      makeEventsLarge(project)
      const running = project.start(['run', '--yes', '--json'], {
        environment,
        faultPoint: 'hold:after:tenant.voted:1',
      })
      await running.held
      const runs = join(folder, 'runs')
      const [runId = ''] = readdirSync(runs)
      rmSync(join(runs, runId, 'reserve'))
      fill()
      running.resume()
      const ended = await running.ended
      expect(ended.exitCode, ended.stderr).toBe(5)
      await expectUntouched(project)
      free()
      const recovered = await project.run(['recover'], { environment })
      expect([0, 5], recovered.stderr).toContain(recovered.exitCode)
      expect((await project.run(['log', runId, '--verify'], { environment })).exitCode).toBe(0)
      expect((await project.run(['run', '--yes'], { environment })).exitCode).toBe(0)
    }))

  test('that comes after the decision does not keep anybody from committing', () =>
    withFullingDisk(async (project, { fill, free, environment }) => {
      const running = project.start(['run', '--yes', '--json'], {
        environment,
        faultPoint: 'hold:after:group.decided:1',
      })
      await running.held
      fill()
      running.resume()
      const ended = await running.ended
      expect(ended.exitCode, ended.stderr).not.toBe(5)
      expect(await project.prepared()).toEqual([])
      expect(new Set(Object.values(await project.readTenants()))).toEqual(new Set(['0002 with prices']))
      free()
      const recovered = await project.run(['recover'], { environment })
      expect(recovered.exitCode, recovered.stderr).toBe(0)
      expect((await project.run(['run', '--yes'], { environment })).exitCode).toBe(0)
    }))
})
