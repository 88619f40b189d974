import { expect, test } from 'vitest'
import { readDemo, startKeptDemo } from '../support/kept-demo.ts'
import { openLockstepHome } from '../support/run-lockstep.ts'

test('undoes the migration of the sandbox by its Alembic revisions, as it was proposed, and says so everywhere', async () => {
  const home = openLockstepHome()
  try {
    const demo = await startKeptDemo(home, [])
    const environment = { LOCKSTEP_STATE_DIR: undefined }
    const lockstep = (...args: readonly string[]) => home.run(args, { folder: demo.folder, environment })
    const migrated = await readDemo(demo.folder)
    expect(migrated.tenants.every(tenant => tenant.hasRefunds)).toBe(true)
    const shown = await lockstep('rollback', 'last', '--propose')
    expect(shown.stderr).toMatch(/^going down on a copy of \w+\n/)
    expect(shown.stdout).toContain('by downgrade')
    const proposal = JSON.parse((await lockstep('rollback', 'last', '--propose', '--json')).stdout)
    expect(proposal).toMatchObject({ schema_version: 1, refusal: null })
    const id = String(proposal.rollbackId).slice(0, 12)
    const nobody = await lockstep('rollback', 'last', '--json')
    const needsReason = proposal.isLossless ? [] : ['--accept-loss', '--reason=a test']
    expect(nobody.exitCode).toBe(4)
    expect((await lockstep('rollback', 'last', '--accept-loss')).exitCode).toBe(2)
    const back = await lockstep('rollback', proposal.runId, '--rollback-id', id, ...needsReason, '--json')
    expect(JSON.parse(back.stdout)).toMatchObject({
      outcome: 'migrated',
      exit_code: 0,
      undoes: proposal.runId,
      plan_id: proposal.rollbackId,
      rollback: { proven: true },
    })
    const undone = await readDemo(demo.folder)
    expect(undone.tenants.some(tenant => tenant.hasRefunds)).toBe(false)
    expect(undone.tenants.map(tenant => tenant.revisions)).toEqual(
      proposal.tenants.map((tenant: { to: { heads: readonly string[] } }) => tenant.to.heads),
    )
    const report = JSON.parse((await lockstep('report', proposal.runId, '--json')).stdout)
    expect(report.undone_by).toBe(JSON.parse(back.stdout).execution_id)
    expect((await lockstep('runs')).stdout).toContain(`migrated, rolled back by ${report.undone_by}`)
    const again = await lockstep('rollback', proposal.runId, '--yes', '--json')
    expect(again.exitCode).toBe(3)
    expect(again.stdout).toContain('it is rolled back already')
    expect((await lockstep('snapshots')).stdout).toContain('no copies are kept')
    demo.running.signal('SIGINT')
    await demo.running.ended
  } finally {
    await home.close()
  }
})
