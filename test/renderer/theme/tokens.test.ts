import {
  type Color,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
  wcagContrast,
} from 'culori'
import { describe, expect, it } from 'vitest'
import { readTokens, type Theme } from './read-tokens.ts'

const themes: readonly Theme[] = ['light', 'dark', 'contrast']
const families = ['pass', 'fail', 'attn', 'active', 'neutral'] as const
const difference = differenceCiede2000()
const sights = {
  'full colour sight': (color: Color) => color,
  deuteranopia: filterDeficiencyDeuter(1),
  protanopia: filterDeficiencyProt(1),
  tritanopia: filterDeficiencyTrit(1),
}
type Sight = keyof typeof sights

function token(theme: Theme, name: string): string {
  const value = readTokens(theme)[name]
  if (value === undefined) throw new Error(`there is no colour ${name} in ${theme}`)
  return value
}

const contrast = (theme: Theme, front: string, back: string): number =>
  wcagContrast(token(theme, front), token(theme, back))

function differ(theme: Theme, sight: Sight, one: string, other: string): number {
  const [left, right] = [parse(token(theme, one)), parse(token(theme, other))]
  if (!left || !right) throw new Error(`${one} or ${other} is no colour`)
  return difference(sights[sight](left), sights[sight](right))
}

function smallestDifference(theme: Theme, sight: Sight): number {
  return Math.min(
    ...families.flatMap((one, index) =>
      families.slice(index + 1).map(other => differ(theme, sight, one, other)),
    ),
  )
}

describe.each(themes)('the colours of the %s theme', theme => {
  it('give every text 4.5 times the luminance of what it stands on, or the other way round', () => {
    for (const front of [...families, 'text', 'text-quiet'])
      for (const back of ['ground', 'surface', 'raised'])
        expect(contrast(theme, front, back), `${front} on ${back}`).toBeGreaterThanOrEqual(4.5)
  })

  it('keep a state readable on its own tint, and text on every tint', () => {
    for (const family of ['pass', 'fail', 'attn', 'active']) {
      expect(contrast(theme, family, `${family}-tint`), family).toBeGreaterThanOrEqual(4.5)
      for (const front of ['text', 'text-quiet'])
        expect(contrast(theme, front, `${family}-tint`), `${front} on ${family}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('keep the words of a primary button readable', () => {
    expect(contrast(theme, 'on-strong', 'active')).toBeGreaterThanOrEqual(4.5)
  })

  it('give the ring of the focus and the border of a control 3 to 1', () => {
    for (const back of ['ground', 'surface', 'raised'])
      for (const front of ['focus', 'line-strong'])
        expect(contrast(theme, front, back), `${front} on ${back}`).toBeGreaterThanOrEqual(3)
  })
})

/** Smallest CIEDE2000 between two of the five families, as measured: a change of a token shows here. */
const measured: Readonly<Record<Theme, Readonly<Record<Sight, number>>>> = {
  light: { 'full colour sight': 16.46, deuteranopia: 10.12, protanopia: 13.23, tritanopia: 9.76 },
  dark: { 'full colour sight': 18.42, deuteranopia: 10.84, protanopia: 19.32, tritanopia: 12.64 },
  contrast: { 'full colour sight': 23.94, deuteranopia: 13.04, protanopia: 16.34, tritanopia: 12.64 },
}

describe.each(themes)('the five states of the %s theme', theme => {
  it.each(Object.keys(sights) as Sight[])('stay apart with %s', sight => {
    expect(smallestDifference(theme, sight)).toBeCloseTo(measured[theme][sight], 1)
    expect(measured[theme][sight]).toBeGreaterThan(9)
  })

  it.each(Object.keys(sights) as Sight[])('never let passed and failed look alike with %s', sight => {
    expect(differ(theme, sight, 'pass', 'fail')).toBeGreaterThanOrEqual(18)
  })
})
