import type { RunLogWriter } from '../engine/ports/run-log.ts'

/** A moment of a run, named by the event that is about to be, or has just been, recorded. */
interface FaultPoint {
  readonly action: 'kill' | 'hold'
  readonly when: 'before' | 'after'
  readonly type: string
  /** The first, second ... event of that type. */
  readonly occurrence: number
}

/**
 * Lets the demo and the tests end or hold a run between any two of its steps, as a power cut would.
 *
 * `LOCKSTEP_FAULT=kill:before:group.decided:1` ends the process with SIGKILL; `hold:` asks the parent over IPC and waits for its word.
 */
export function withFaultPoint(log: RunLogWriter, specification: string | undefined): RunLogWriter {
  const point = parseFaultPoint(specification)
  if (!point) return log
  let seen = 0
  return {
    runId: log.runId,
    close: () => log.close(),
    async append(fact, options) {
      const isHere = fact.type === point.type && ++seen === point.occurrence
      if (isHere && point.when === 'before') await strike(point)
      const event = await log.append(fact, options)
      if (isHere && point.when === 'after') await strike(point)
      return event
    },
  }
}

function parseFaultPoint(specification: string | undefined): FaultPoint | null {
  const match = /^(kill|hold):(before|after):([a-z_.]+):(\d+)$/.exec(specification ?? '')
  if (!match) return null
  const [, action, when, type = '', occurrence] = match
  return {
    action: action === 'kill' ? 'kill' : 'hold',
    when: when === 'before' ? 'before' : 'after',
    type,
    occurrence: Number(occurrence),
  }
}

async function strike(point: FaultPoint): Promise<void> {
  if (point.action === 'kill') {
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => undefined)
  }
  if (!process.send) return
  const answered = new Promise<void>(resolve => process.once('message', () => resolve()))
  process.send({ held: point.type })
  await answered
  process.disconnect?.()
}
