import { randomBytes } from 'node:crypto'

/** Crockford's base 32: no I, L, O, U, so that an id survives being read aloud. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const timeLength = 10
const randomLength = 16
const shape = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/**
 * Makes ids that sort by the time they were made, also within one millisecond and when the clock steps back.
 */
export function createRunIdMaker(now: () => number = Date.now): () => string {
  let lastTime = -1
  let digits: readonly number[] = []
  return () => {
    const time = now()
    if (time > lastTime) {
      lastTime = time
      digits = drawDigits()
    } else {
      digits = increment(digits)
    }
    return encodeTime(lastTime) + digits.map(digit => alphabet.charAt(digit)).join('')
  }
}

/** A new run id: 26 characters, sortable by time, unique. */
export const newRunId: () => string = createRunIdMaker()

/** Says whether a text has the shape of a run id; anything else is never used as a path. */
export function isRunId(text: string): boolean {
  return shape.test(text)
}

/** When a run got its id, in milliseconds of the epoch. */
export function timeOfRunId(runId: string): number {
  return [...runId.slice(0, timeLength)].reduce((time, digit) => time * 32 + alphabet.indexOf(digit), 0)
}

function encodeTime(time: number): string {
  let rest = time
  let text = ''
  for (let place = 0; place < timeLength; place += 1) {
    text = alphabet.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** The first digit is halved, which leaves room to count up. */
function drawDigits(): readonly number[] {
  return [...randomBytes(randomLength)].map((byte, index) => (index === 0 ? byte % 16 : byte % 32))
}

function increment(digits: readonly number[]): readonly number[] {
  const last = digits.findLastIndex(digit => digit < 31)
  return digits.map((digit, index) => (index < last ? digit : index === last ? digit + 1 : 0))
}
