import { standardError } from '../output/safe-output.ts'

/** The signals that ask this program to end: Ctrl-C, a supervisor, a terminal that goes away. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** npm and a terminal may both deliver one Ctrl-C: what comes within this time is the same one. */
const sameSignalMs = 400
/** How soon a second Ctrl-C has to follow to mean "leave at once". */
const leaveWithinMs = 2_000
const leaveHint = ' Press Ctrl-C again within 2 s to leave at once.'

/** What follows from signals. A hint is what a person at the terminal has to be told with it; empty where there is none. */
export interface SignalListener {
  /** The first one: stop, and undo. */
  readonly onFirst: (signal: EndSignal, hint: string) => void
  /** Another one, which changes nothing: what is being undone is waited for. */
  readonly onLater: (signal: EndSignal, hint: string) => void
  /** Ctrl-C twice in two seconds, at a terminal that was told what it does. */
  readonly onLeave: () => void
}

/**
 * Listens to SIGINT, SIGTERM and SIGHUP until the returned function is called.
 *
 * A CI system that cancels a job sends two signals as a matter of course, and undoing may take longer than they wait: no
 * second signal abandons an undo, but a person who was told and means it.
 */
export function watchSignals(
  { onFirst, onLater, onLeave }: SignalListener,
  isPersonThere: () => boolean = isPersonAtTerminal,
): () => void {
  let isFirst = true
  let lastAt = Number.NEGATIVE_INFINITY
  let toldAt = Number.NEGATIVE_INFINITY
  const onSignal = (signal: EndSignal): void => {
    const now = performance.now()
    if (now - lastAt < sameSignalMs) return
    lastAt = now
    if (signal === 'SIGINT' && now - toldAt < leaveWithinMs) {
      onLeave()
      return
    }
    const isTold = signal === 'SIGINT' && isPersonThere()
    toldAt = isTold ? now : Number.NEGATIVE_INFINITY
    const tell = isFirst ? onFirst : onLater
    isFirst = false
    tell(signal, isTold ? leaveHint : '')
  }
  for (const signal of endSignals) process.on(signal, onSignal)
  return () => {
    for (const signal of endSignals) process.off(signal, onSignal)
  }
}

/** A terminal whose keys come here and that shows what is said. CI gives some jobs a terminal, but no one sits there. */
function isPersonAtTerminal(): boolean {
  return process.stdin.isTTY && standardError.isTTY && standardError.lostBy === null && !process.env.CI
}

/** Hands every signal on to another process, which decides what it means, until the returned function is called. */
export function passSignalsOn(pass: (signal: EndSignal) => void): () => void {
  for (const signal of endSignals) process.on(signal, pass)
  return () => {
    for (const signal of endSignals) process.off(signal, pass)
  }
}

/** Ctrl-C in a terminal reaches every process of it, as its end does: the shell decides what that means, and its parts wait for its word. */
export function outliveSignals(end: () => void): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  process.on('SIGTERM', end)
}
