import { describe, expect, it } from 'vitest'
import { withDemo } from '../../../electron/host/demo/open-demo.ts'
import { stageDemo } from '../../../electron/host/demo/stage-demo.ts'
import { openService } from '../service/service-bench.ts'

describe('the staged demo', () => {
  it('tells the same story from SQL files, and its waiting plan succeeds when it is applied', async () => {
    const lines: string[] = []
    const say = (line: string): void => void lines.push(line)
    const { signal } = new AbortController()
    await withDemo({ fault: 'none', source: 'sql', keep: false, say, signal }, async demo => {
      await stageDemo(demo, say, signal)
      expect(lines).toHaveLength(4)
      const starter = { running: () => demo.folder, start: async () => demo, onEnd: () => undefined }
      const { service, client } = openService(null, `${demo.folder}/state`, { demo: starter })
      try {
        await client.ask('demo.open', {})
        const { plan, record, gates, analysis } = await client.ask('plan.read', { planId: 'last' })
        expect(record.state).toBe('waiting')
        // One tenant has an index of its own, so that there is an outlier to be seen.
        expect(gates.filter(({ answer }) => answer.verdict !== 'passed').map(({ gate }) => gate)).toEqual([
          'drift',
        ])
        expect(analysis?.classes.map(one => one.tenants.length).sort()).toEqual([1, 5])
        expect(analysis?.rehearsal?.routes.map(route => route.reversibility.verdict)).toEqual([
          'lossless',
          'lossless',
        ])
        expect((await client.ask('run.list', {})).map(run => run.outcome)).toEqual([
          'rolled_back',
          'migrated',
        ])
        const { planId } = plan
        await client.ask('plan.approve', { planId, confirmation: null, comment: '' })
        const { runId } = await client.ask('run.start', { planId, confirmation: null })
        await client.ask('run.follow', { runId, afterSeq: 0 })
        const events = await client.untilFinished(runId)
        expect(events.at(-1)).toMatchObject({ outcome: 'migrated' })
      } finally {
        await service.close()
      }
    })
  })
})
