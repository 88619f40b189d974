import type { Status } from '../../../status/status.ts'

/** What is said to those who do not see the screen. */
export interface Announcement {
  readonly polite: string
  readonly assertive: string
}

export interface Announcer {
  /** Takes the sentence of the run as it is now. */
  tell(sentence: string, status: Status): void
  close(): void
}

const betweenMs = 5_000

/** Rations what is said about a run: one sentence in five seconds, always the newest; only what failed or needs a human is said at once. */
export function createAnnouncer(
  say: (announcement: Announcement) => void,
  clock: { now(): number; wait(milliseconds: number, work: () => void): () => void } = realClock,
): Announcer {
  let last: string | null = null
  let saidAt = Number.NEGATIVE_INFINITY
  let waiting: string | null = null
  let cancel: (() => void) | null = null
  const sayPolitely = (): void => {
    cancel = null
    if (waiting === null) return
    saidAt = clock.now()
    say({ polite: waiting, assertive: '' })
    waiting = null
  }
  return {
    tell(sentence, status) {
      if (sentence === last) return
      const isFirst = last === null
      last = sentence
      // What the page says when it is opened is its heading, which has the focus.
      if (isFirst) return
      if (status === 'failed' || status === 'errored') {
        waiting = null
        saidAt = clock.now()
        say({ polite: '', assertive: sentence })
        return
      }
      waiting = sentence
      const left = saidAt + betweenMs - clock.now()
      if (left <= 0) {
        cancel?.()
        sayPolitely()
      } else cancel ??= clock.wait(left, sayPolitely)
    },
    close() {
      cancel?.()
      cancel = null
      waiting = null
    },
  }
}

const realClock = {
  now: () => Date.now(),
  wait: (milliseconds: number, work: () => void) => {
    const timer = setTimeout(work, milliseconds)
    return () => clearTimeout(timer)
  },
}
