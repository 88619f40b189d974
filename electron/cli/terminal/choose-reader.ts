import { shouldColor } from './choose-colors.ts'
import { createLiveReader } from './live-reader.ts'
import { createPlainReader } from './plain-reader.ts'
import { createQuietReader } from './quiet-reader.ts'
import { systemTerminalClock, type TerminalClock } from './terminal-clock.ts'
import type { TerminalReader } from './terminal-reader.ts'
import type { TerminalStream } from './terminal-stream.ts'

/** What decides how a run is shown. */
export interface ReaderChoice {
  readonly stream: TerminalStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isQuiet: boolean
  readonly isVerbose: boolean
  readonly colorFlag: boolean | null
  readonly clock?: TerminalClock
}

/** Takes the reader that fits the terminal: live on a real one, plain lines everywhere else. */
export function chooseReader(choice: ReaderChoice): TerminalReader {
  const { stream, env, isQuiet, isVerbose, colorFlag } = choice
  const clock = guardClock(choice.clock ?? systemTerminalClock)
  const isColored = shouldColor({ stream, env, flag: colorFlag })
  if (isQuiet) return guardReader(createQuietReader(stream, { isColored }))
  if (canRedraw(stream, env) && !isVerbose) {
    return guardReader(createLiveReader(stream, { clock, isColored, onProcessEnd }))
  }
  const isGithub = env.GITHUB_ACTIONS === 'true'
  return guardReader(createPlainReader(stream, { clock, isColored, isVerbose, isGithub }))
}

/** A reader that throws is done with: what it shows must never break what it reads. */
export function guardReader(reader: TerminalReader): TerminalReader {
  let isBroken = false
  const attempt = (call: () => void) => {
    if (isBroken) return
    try {
      call()
    } catch {
      isBroken = true
    }
  }
  return {
    prime: past => attempt(() => reader.prime(past)),
    read: event => attempt(() => reader.read(event)),
    suspend: () => attempt(() => reader.suspend()),
    resume: () => attempt(() => reader.resume()),
    close: () => attempt(() => reader.close()),
  }
}

/** The same for what readers do on their own, between two events. */
function guardClock(clock: TerminalClock): TerminalClock {
  return {
    now: () => clock.now(),
    every(milliseconds, tick) {
      const stop = clock.every(milliseconds, () => {
        try {
          tick()
        } catch {
          stop()
        }
      })
      return stop
    },
  }
}

/** CI systems give some jobs a terminal, but no one watches it move; and lines of the debug log would stand in a picture that moves. */
function canRedraw(stream: TerminalStream, env: ReaderChoice['env']): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb' && !env.CI && !env.LOCKSTEP_DEBUG
}

function onProcessEnd(restore: () => void): () => void {
  process.once('exit', restore)
  return () => process.off('exit', restore)
}
