import { describe, expect, it } from 'vitest'
import { reportSchema } from '../../electron/reports/report-schema.ts'
import { checkDemoFault, withLockstepHome } from '../support/check-demo-fault.ts'

const timeout = 300_000

describe('lockstep demo', () => {
  it('migrates, finds nothing to do afterwards, and logs the same story each time', { timeout }, () =>
    withLockstepHome(async home => {
      const again = await home.run(['demo', '--again', '--json'])
      expect(again.exitCode, again.stderr).toBe(0)
      const report = reportSchema.parse(JSON.parse(again.stdout))
      expect(report).toMatchObject({ outcome: 'nothing_to_do', summary: { migrations_applied: 0 } })
      expect(await home.traces()).toEqual([])

      const events = await home.run(['demo', '--json=events'])
      expect(events.exitCode, events.stderr).toBe(0)
      const lines = events.stdout
        .trimEnd()
        .split('\n')
        .map((line): { type: string; seq: number } => JSON.parse(line))
      expect(lines.map(event => event.seq)).toEqual(lines.map((_, index) => index + 1))
      expect(lines.at(-1)).toMatchObject({ type: 'run.finished', outcome: 'migrated' })
      expect(await home.traces()).toEqual([])

      const kept = await home.run(['runs', '--json'])
      const runs: { runId: string; outcome: string }[] = JSON.parse(kept.stdout)
      const migratedRuns = runs.filter(run => run.outcome === 'migrated').map(run => run.runId)
      expect(migratedRuns).toHaveLength(2)
      const [first, second] = await Promise.all(
        migratedRuns.map(async runId => (await home.run(['log', runId, '--canonical'])).stdout),
      )
      expect(first).toMatch(/"type":"run\.finished"/)
      expect(first).toBe(second)
    }),
  )

  it('tells the same story from SQL files', { timeout }, () => checkDemoFault('none', ['--source', 'sql']))

  it('says what happens on standard error, and prints one short end on standard output', { timeout }, () =>
    withLockstepHome(async home => {
      const { exitCode, stdout, stderr } = await home.run(['demo', '--source', 'sql'])
      expect(exitCode, stderr).toBe(0)
      expect(stderr).toMatch(/group rest/)
      expect(`${stdout}${stderr}`).not.toContain('\u001b')
    }),
  )
})
