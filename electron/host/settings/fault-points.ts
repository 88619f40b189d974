import { appendFileSync } from 'node:fs'
import type { FaultPoint } from '../../engine/ports/boundaries.ts'

/** A moment of a run, named by the boundary or the event that is about to be, or has just been, crossed. */
interface Moment {
  readonly action: 'kill' | 'hold' | 'throw'
  readonly when: 'before' | 'after'
  readonly name: string
  /** The first, second ... of that name. */
  readonly occurrence: number
}

/**
 * Lets the demo and the tests end or hold a run between any two of its steps, as a power cut would; null where nothing of the kind is asked for.
 *
 * `LOCKSTEP_FAULT=kill:before:group.decided:1` ends the process with SIGKILL before that event, `kill:after:vote.prepare:2`
 * after the second tenant has prepared; `hold:` asks the parent over IPC and waits for its word; `throw:` is an error that
 * nobody catches. `list:FILE` only writes every moment that is reached, one a line.
 */
export function readFaultPoint(specification: string | undefined): FaultPoint | null {
  const file = /^list:(.+)$/.exec(specification ?? '')?.[1]
  if (file !== undefined) return countMoments(moment => appendFileSync(file, `${moment}\n`))
  const wanted = parseMoment(specification)
  if (!wanted) return null
  return countMoments(async moment => {
    if (moment === `${wanted.when}:${wanted.name}:${wanted.occurrence}`) await strike(wanted)
  })
}

/** Tells of each moment as `when:name:occurrence`. */
function countMoments(tell: (moment: string) => unknown): FaultPoint {
  const seen = new Map<string, number>()
  return async (when, name) => {
    const key = `${when}:${name}`
    const occurrence = (seen.get(key) ?? 0) + 1
    seen.set(key, occurrence)
    await tell(`${key}:${occurrence}`)
  }
}

function parseMoment(specification: string | undefined): Moment | null {
  const match = /^(kill|hold|throw):(before|after):([a-z_.]+):(\d+)$/.exec(specification ?? '')
  if (!match) return null
  const [, action, when, name = '', occurrence] = match
  return {
    action: action as Moment['action'],
    when: when === 'before' ? 'before' : 'after',
    name,
    occurrence: Number(occurrence),
  }
}

async function strike(moment: Moment): Promise<void> {
  if (moment.action === 'kill') {
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => undefined)
  }
  if (moment.action === 'throw') {
    setImmediate(() => {
      throw new Error(`asked for at ${moment.name}`)
    })
    await new Promise(() => undefined)
  }
  if (!process.send) return
  const answered = new Promise<void>(resolve => process.once('message', () => resolve()))
  process.send({ held: moment.name })
  await answered
  process.disconnect?.()
}
