import { existsSync } from 'node:fs'

/** Options for a Chromium of its own: nothing in the background, and no sandbox where root could not have one. */
export const chromiumOptions: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-sync',
  '--no-first-run',
]

/** The program that `CHROMIUM` names, or the one that is installed; null when there is none. */
export function findChromium(): string | null {
  const { CHROMIUM } = process.env
  const candidates = CHROMIUM
    ? [CHROMIUM]
    : ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  return candidates.find(path => existsSync(path)) ?? null
}
