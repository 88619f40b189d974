import { describe, expect, it } from 'vitest'
import { createLiveReader } from '../../../electron/cli/terminal/live-reader.ts'
import { createPlainReader } from '../../../electron/cli/terminal/plain-reader.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import {
  calmMood,
  envelop,
  makeMigratedRun,
  makeRecoveredRun,
  sampleRuns,
} from '../../shared/samples/runs.ts'
import { Screen, TestClock } from './screen.ts'

function createReader(columns = 100, rows = 40) {
  const clock = new TestClock(calmMood.startAt)
  const screen = new Screen(columns, rows)
  const ends = new Set<() => void>()
  const reader = createLiveReader(screen, {
    clock,
    isColored: false,
    onProcessEnd: restore => {
      ends.add(restore)
      return () => ends.delete(restore)
    },
  })
  return { clock, screen, reader, ends }
}

function feed(made: ReturnType<typeof createReader>, events: readonly RunEvent[]): void {
  for (const event of events) {
    made.reader.read(event)
    made.clock.advance(calmMood.stepMs)
  }
}

/** What stands under the phases, from the verdict on. */
function finalBlock(text: string): string {
  return text.slice(text.lastIndexOf('\n\n', text.search(/\n(?:Migrated|Rolled|Stopped|Nothing|A human)/)))
}

describe('the live view', () => {
  it.each([
    ['topology_discovery', 4],
    ['safety_gate_validation', 24],
    ['the votes', 62],
    ['the commits', 82],
    ['the replicas', 87],
  ])('shows a run in %s', (_moment, length) => {
    const made = createReader()
    feed(made, envelop(makeMigratedRun(calmMood)).slice(0, length))
    made.clock.advance(100)
    expect(made.screen.text).toMatchSnapshot()
    expect(made.screen.isCursorVisible).toBe(false)
  })

  it.each(Object.entries(sampleRuns))(
    'leaves phases and the final block of %s, and nothing else',
    (_name, makeFacts) => {
      const made = createReader()
      feed(made, envelop(makeFacts(calmMood)))
      made.reader.close()
      expect(made.screen.text).toMatchSnapshot()
      expect(made.screen.isCursorVisible).toBe(true)
      expect(made.clock.running).toBe(0)
      expect(made.ends.size).toBe(0)
    },
  )

  it.each(Object.entries(sampleRuns))(
    'ends %s with the same block live, from the recording, and in plain lines',
    (_name, makeFacts) => {
      const events = envelop(makeFacts(calmMood))
      const live = createReader(200, 200)
      feed(live, events)
      live.reader.close()
      const replayed = createReader(200, 200)
      for (const event of events) replayed.reader.read(event)
      replayed.reader.close()
      const screen = new Screen(200, 400)
      const options = { clock: live.clock, isColored: false, isVerbose: false, isGithub: false }
      const plain = createPlainReader(screen, options)
      for (const event of events) plain.read(event)
      plain.close()
      expect(finalBlock(live.screen.text)).toBe(finalBlock(replayed.screen.text))
      expect(finalBlock(live.screen.text)).toBe(finalBlock(screen.text))
      expect(finalBlock(screen.text)).toContain(`run ${calmMood.runId}`)
    },
  )

  it('never writes a line that is wider than the terminal, and leaves no remains', () => {
    for (const columns of [30, 60, 100]) {
      const made = createReader(columns, 60)
      feed(made, envelop(makeMigratedRun(calmMood)))
      const lines = made.screen.text.split('\n')
      expect(Math.max(...lines.map(line => line.length))).toBeLessThan(columns)
      expect(lines.filter(line => line.includes('topology'))).toHaveLength(1)
    }
  })

  it('stays on a screen that is too low for it', () => {
    const made = createReader(80, 10)
    feed(made, envelop(makeMigratedRun(calmMood)))
    expect(made.screen.text.split('\n').length).toBeLessThanOrEqual(9)
  })

  it('draws nothing when nothing has changed', () => {
    const made = createReader()
    feed(made, envelop(makeMigratedRun(calmMood)))
    made.clock.advance(100)
    const before = made.screen.written
    made.clock.advance(10_000)
    expect(made.screen.written).toBe(before)
  })

  it('shows elapsed time while nothing happens', () => {
    const made = createReader()
    feed(made, envelop(makeMigratedRun(calmMood)).slice(0, 2))
    made.clock.advance(5_000)
    expect(made.screen.text).toContain('5.0 s')
  })

  it('makes room for a question and comes back', () => {
    const made = createReader()
    feed(made, envelop(makeMigratedRun(calmMood)).slice(0, 24))
    made.reader.suspend()
    expect(made.screen.text).toBe('')
    expect(made.screen.isCursorVisible).toBe(true)
    made.screen.write('Approve? yes\n')
    made.clock.advance(5_000)
    expect(made.screen.text).toBe('Approve? yes')
    made.reader.resume()
    expect(made.screen.text).toContain('Approve? yes\n ✔ topology discovery')
  })

  it('shows the cursor again when the process ends early', () => {
    const made = createReader()
    feed(made, envelop(makeMigratedRun(calmMood)).slice(0, 10))
    made.clock.advance(100)
    for (const restore of made.ends) restore()
    expect(made.screen.isCursorVisible).toBe(true)
  })

  it('writes nothing when there was no run', () => {
    const made = createReader()
    made.clock.advance(1_000)
    made.reader.close()
    expect(made.screen.written).toBe('')
  })

  it('goes on with an old run when it is told what was before', () => {
    const events = envelop(makeRecoveredRun(calmMood))
    const recovery = events.findIndex(event => event.type === 'recovery.started')
    const whole = createReader()
    feed(whole, events)
    whole.reader.close()
    const resumed = createReader()
    resumed.reader.prime(events.slice(0, recovery))
    expect(resumed.screen.written).toBe('')
    feed(resumed, events.slice(recovery))
    resumed.reader.close()
    expect(resumed.screen.text).toBe(whole.screen.text)
  })

  it('tells a run that broke off from one that ended', () => {
    const made = createReader()
    const events = envelop(makeRecoveredRun(calmMood))
    feed(
      made,
      events.slice(
        0,
        events.findIndex(event => event.type === 'recovery.started'),
      ),
    )
    made.reader.close()
    expect(made.screen.text).toContain('The run has not ended.')
    expect(made.screen.text).toContain(`lockstep recover ${calmMood.runId}`)
  })
})
