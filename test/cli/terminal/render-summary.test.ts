import { expect, it } from 'vitest'
import { renderSummary } from '../../../electron/cli/terminal/render-summary.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'
import { eventSamples } from '../../shared/samples/events.ts'
import { calmMood, envelop, makeMigratedRun } from '../../shared/samples/runs.ts'

const textOf = (facts: readonly RunFact[]): readonly string[] =>
  renderSummary(foldAll(envelop(facts))).map(line => line.map(({ text }) => text).join(''))

it('the end of a run tells how the hooks answered, and what one that did not pass has said', () => {
  const [stopped] = eventSamples['hook.judged']
  const passed = { ...stopped!, answer: { ...stopped!.answer, verdict: 'passed' as const } }
  const text = textOf([...makeMigratedRun(calmMood), passed, stopped!])
  expect(text).toContain('  hooks    1 passed, 1 failed')
  const at = text.indexOf('    change window before approval failed')
  expect(at).toBeGreaterThan(0)
  expect(text[at + 1]).toContain(stopped!.answer.evidence[0]?.fact)
  expect(textOf(makeMigratedRun(calmMood)).join('\n')).not.toContain('hooks')
})
