import { throwIfAborted } from '../../../lib/throw-if-aborted.ts'
import type { Recording, ReplayRefusal } from './recording.ts'

/** What holds for all tenants that begin alike and go the same way. */
export type ReplayVerdict =
  | { readonly way: 'replay'; readonly recording: Recording }
  | { readonly way: 'python'; readonly reasons: readonly ReplayRefusal[] }

/** What a recorded migration was told: the statements, or why there are none. */
export interface Recorded {
  readonly recording: Recording | null
  readonly reasons: readonly ReplayRefusal[]
}

/** What one tenant does: it records for the others, or goes the way that is known. */
export type ReplayTurn = ReplayVerdict | RecordingTurn

export interface RecordingTurn {
  readonly way: 'record'
  /** Takes what was recorded; gives the verdict where it is this that decides. */
  take(recorded: Recorded): ReplayVerdict | null
  /** Ends the turn, whatever came of it: without a recording another tenant gets the turn. */
  end(): void
}

interface ClassState {
  readonly recordings: Recording[]
  underWay: number
  verdict: ReplayVerdict | null
  waiting: (() => void)[]
}

/** Two recordings have to agree: one alone does not show what comes of time, chance, or the tenant's own name. */
const enough = 2

/**
 * Which tenants record, and what their recordings say of the others.
 *
 * The others wait meanwhile: a replay takes some milliseconds, and a further process would only slow the recording down.
 */
export class ReplayClasses {
  readonly #states = new Map<string, ClassState>()

  /** Gives a tenant its turn; the signal ends the waiting. */
  async enter(key: string, signal: AbortSignal): Promise<ReplayTurn> {
    const state = this.#find(key)
    for (;;) {
      throwIfAborted(signal)
      if (state.verdict) return state.verdict
      if (state.underWay + state.recordings.length < enough) return beginTurn(state)
      await waitForChange(state, signal)
    }
  }

  #find(key: string): ClassState {
    const known = this.#states.get(key)
    if (known) return known
    const made: ClassState = { recordings: [], underWay: 0, verdict: null, waiting: [] }
    this.#states.set(key, made)
    return made
  }
}

function beginTurn(state: ClassState): RecordingTurn {
  let isOver = false
  const end = (): void => {
    if (isOver) return
    isOver = true
    state.underWay -= 1
    for (const wake of state.waiting.splice(0)) wake()
  }
  state.underWay += 1
  return {
    way: 'record',
    take(recorded) {
      if (isOver) return null
      const verdict = state.verdict ? null : judge(state, recorded)
      state.verdict ??= verdict
      end()
      return verdict
    },
    end,
  }
}

function judge({ recordings }: ClassState, { recording, reasons }: Recorded): ReplayVerdict | null {
  if (recording === null) return { way: 'python', reasons }
  recordings.push(recording)
  const [first, second] = recordings
  if (!first || !second) return null
  recordings.length = 0
  const difference = findOther(first, second)
  return difference ? { way: 'python', reasons: [difference] } : { way: 'replay', recording: first }
}

/** The first place where two recordings differ, which has to be nowhere. */
function findOther(first: Recording, second: Recording): ReplayRefusal | null {
  if (JSON.stringify(first) === JSON.stringify(second)) return null
  const revision = first.parts[0]?.revision ?? ''
  if (JSON.stringify(first.start) !== JSON.stringify(second.start))
    return { revision, reason: 'begins in sessions that differ' }
  const place = first.parts.findIndex(
    (part, index) => JSON.stringify(part) !== JSON.stringify(second.parts[index]),
  )
  const { revision: at = revision, line } = first.parts[place] ?? second.parts[first.parts.length] ?? {}
  return {
    revision: at,
    reason: 'sends one tenant another statement than the next',
    ...(line === undefined ? {} : { line }),
  }
}

async function waitForChange(state: ClassState, signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const wake = (): void => {
      signal.removeEventListener('abort', wake)
      resolve()
    }
    signal.addEventListener('abort', wake, { once: true })
    state.waiting.push(wake)
  })
}
