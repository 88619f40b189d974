import Anser from 'anser'

/** A stretch of a line that looks the same throughout. */
export interface LineSegment {
  readonly text: string
  /** One of eight, or null for that of the line. */
  readonly colour: LineColour | null
  readonly isBold: boolean
  readonly isMatch: boolean
}

export type LineColour = 'quiet' | 'fail' | 'pass' | 'attn' | 'active'

/** Lines are clipped at this length until the rest is asked for. */
export const mostCharacters = 4_096

const colours: Readonly<Record<string, LineColour>> = {
  'ansi-red': 'fail',
  'ansi-bright-red': 'fail',
  'ansi-green': 'pass',
  'ansi-bright-green': 'pass',
  'ansi-yellow': 'attn',
  'ansi-bright-yellow': 'attn',
  'ansi-blue': 'active',
  'ansi-bright-blue': 'active',
  'ansi-cyan': 'active',
  'ansi-bright-cyan': 'active',
  'ansi-magenta': 'active',
  'ansi-bright-magenta': 'active',
  'ansi-bright-black': 'quiet',
}

const escapeSign = '\u001b'

/** Every escape sequence but those that set a colour, and every other control character. */
const steering = new RegExp(
  [
    `${escapeSign}\\[[0-9;?]*[@-ln-~]`,
    `${escapeSign}\\][^\\u0007${escapeSign}]*(?:\\u0007|${escapeSign}\\\\)?`,
    `${escapeSign}[^[\\]]`,
    '[\\u0000-\\u0008\\u000b-\\u001a\\u001c-\\u001f\\u007f-\\u009f]',
  ].join('|'),
  'g',
)

/** A line without anything that steers a terminal, which is also what is searched and copied. */
export function stripLine(text: string): string {
  return text.includes(escapeSign)
    ? Anser.ansiToText(text.replaceAll(steering, '')).replaceAll(escapeSign, '')
    : text.replaceAll(steering, '')
}

/** A line in stretches of equal look: its own colours, and the places that match a search. */
export function splitLine(
  text: string,
  findMatches: (plain: string) => readonly (readonly [number, number])[],
): readonly LineSegment[] {
  const coloured = text.includes(escapeSign) ? readColours(text) : [plainSegment(stripLine(text))]
  const matches = findMatches(coloured.map(segment => segment.text).join(''))
  return matches.length === 0 ? coloured : markMatches(coloured, matches)
}

function readColours(text: string): readonly LineSegment[] {
  const parts = Anser.ansiToJson(text.replaceAll(steering, ''), { use_classes: true, remove_empty: true })
  return parts.map(part => ({
    text: part.content.replaceAll(escapeSign, ''),
    colour: colours[part.fg] ?? null,
    isBold: part.decorations.includes('bold'),
    isMatch: false,
  }))
}

function plainSegment(text: string): LineSegment {
  return { text, colour: null, isBold: false, isMatch: false }
}

function markMatches(
  segments: readonly LineSegment[],
  matches: readonly (readonly [number, number])[],
): readonly LineSegment[] {
  const marked: LineSegment[] = []
  let start = 0
  for (const segment of segments) {
    const end = start + segment.text.length
    let at = start
    for (const [from, to] of matches) {
      if (to <= at || from >= end) continue
      const left = Math.max(from, at)
      const right = Math.min(to, end)
      if (left > at) marked.push({ ...segment, text: segment.text.slice(at - start, left - start) })
      marked.push({ ...segment, text: segment.text.slice(left - start, right - start), isMatch: true })
      at = right
    }
    if (at < end) marked.push({ ...segment, text: segment.text.slice(at - start) })
    start = end
  }
  return marked
}
