import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the build that this code is part of, wherever in it the bundler put this module. */
export function findBuiltFolder(moduleUrl: string): string {
  const start = dirname(fileURLToPath(moduleUrl))
  const folder = findAbove(start, current => existsSync(join(current, 'web.js')))
  if (folder === null) throw new Error(`there is no built dashboard at or above ${start}`)
  return folder
}

/**
 * The program of Electron, or null when it is not on this machine: `LOCKSTEP_ELECTRON`, or the one that npm fetched.
 *
 * The package itself is never loaded: that would fetch the program.
 */
export function findElectron(from: string, named: string | undefined): string | null {
  if (named) return existsSync(named) ? named : null
  const place = findAbove(from, current => existsSync(join(packageIn(current), 'path.txt')))
  if (place === null) return null
  const folder = packageIn(place)
  const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim())
  return existsSync(program) ? program : null
}

function packageIn(folder: string): string {
  return join(folder, 'node_modules', 'electron')
}

function findAbove(start: string, isFound: (folder: string) => boolean): string | null {
  for (let current = start; ; current = dirname(current)) {
    if (isFound(current)) return current
    if (dirname(current) === current) return null
  }
}
