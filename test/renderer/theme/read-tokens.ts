import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type Theme = 'light' | 'dark' | 'contrast'
export type Tokens = Readonly<Record<string, string>>

const file = fileURLToPath(new URL('../../../renderer/theme/tokens.css', import.meta.url))

/** The colours of one theme as a browser would compute them: `light-dark()` resolved, overrides applied. */
export function readTokens(theme: Theme): Tokens {
  const css = readFileSync(file, 'utf8')
  const base = readBlock(css, ':root {')
  const all = theme === 'contrast' ? { ...base, ...readBlock(css, ':root[data-theme="contrast"] {') } : base
  return Object.fromEntries(
    Object.entries(all)
      .map(([name, value]) => [name, resolveScheme(value, theme === 'light')] as const)
      .filter(([, value]) => /^#[0-9a-f]{6}$/i.test(value)),
  )
}

function readBlock(css: string, opening: string): Tokens {
  const start = css.indexOf(opening)
  if (start < 0) throw new Error(`tokens.css has no ${opening}`)
  const body = css.slice(start + opening.length, css.indexOf('}', start))
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
  )
}

function resolveScheme(value: string, isLight: boolean): string {
  const pair = /^light-dark\((#[0-9a-f]+),\s*(#[0-9a-f]+)\)$/i.exec(value)
  if (pair === null) return value
  return (isLight ? pair[1] : pair[2]) ?? value
}
