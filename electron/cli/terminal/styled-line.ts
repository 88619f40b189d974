import pc from 'picocolors'
import { fitText, measureText } from './measure-text.ts'

/** What a piece of text means; colour is spent on state only. */
export type Tone = 'plain' | 'strong' | 'quiet' | 'good' | 'bad' | 'warning' | 'running'

export interface Span {
  readonly text: string
  readonly tone: Tone
}

/** One line to be shown, before it is cut to a width and coloured. */
export type StyledLine = readonly Span[]

/** A piece of a line. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone }
}

/** Cuts a line to a width and colours it. */
export function paintLine(line: StyledLine, width: number, isColored: boolean): string {
  const colors = pc.createColors(isColored)
  const paints: Readonly<Record<Tone, (text: string) => string>> = {
    plain: text => text,
    strong: colors.bold,
    quiet: colors.dim,
    good: colors.green,
    bad: colors.red,
    warning: colors.yellow,
    running: colors.cyan,
  }
  let left = width
  let painted = ''
  for (const { text, tone } of line) {
    const fitted = fitText(text, left)
    if (fitted === '') continue
    painted += paints[tone](fitted)
    left -= measureText(fitted)
  }
  return painted.trimEnd()
}
