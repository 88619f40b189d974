import { constants, existsSync, lstatSync, realpathSync, symlinkSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { BinaryLink, PostgresBinaries } from './locate-binaries.ts'
import { canReach, type ServerUser } from './run-as.ts'

/** The programs in a place from which the server's account can start them. */
export interface Runtime {
  readonly initdb: string
  readonly postgres: string
}

/** Makes the programs startable: in place where that is possible, else from a copy inside the sandbox's folder. */
export async function prepareRuntime(
  binaries: PostgresBinaries,
  sandboxFolder: string,
  user: ServerUser | null,
): Promise<Runtime> {
  // The real path: a link into a folder that the account cannot enter is not reachable either.
  const folder = realpathSync(binaries.folder)
  if (isStartable(folder, user) && makeLinks(folder, binaries.links)) return namePrograms(folder)
  const copy = join(sandboxFolder, 'runtime')
  await copyRuntime(folder, copy, binaries.links)
  return namePrograms(copy)
}

function namePrograms(folder: string): Runtime {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    initdb: join(folder, 'bin', `initdb${suffix}`),
    postgres: join(folder, 'bin', `postgres${suffix}`),
  }
}

function isStartable(folder: string, user: ServerUser | null): boolean {
  const samples = [namePrograms(folder).postgres, join(folder, 'lib'), join(folder, 'share')]
  return samples.every(path => canReach(user, path))
}

/** False when a link is missing and the folder cannot be written. */
function makeLinks(folder: string, links: readonly BinaryLink[]): boolean {
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue
    try {
      symlinkSync(relative(dirname(path), join(folder, source)), path)
    } catch {
      // Another process may have made it meanwhile; anything else means that a copy is needed.
      if (!existsSync(path)) return false
    }
  }
  return true
}

async function copyRuntime(from: string, to: string, links: readonly BinaryLink[]): Promise<void> {
  const linked = new Set(links.map(link => join(from, link.target)))
  await copyFolder(from, to, path => isNeeded(relative(from, path)) && !linked.has(path))
  for (const { source, target } of links) {
    const path = join(to, target)
    await symlink(relative(dirname(path), join(to, source)), path)
  }
}

/** Static libraries and headers are a third of the package and never used at run time. */
function isNeeded(path: string): boolean {
  return /^(bin|lib|share)(\/|\\|$)/.test(path) && !/\.a$|[/\\](pkgconfig|pgxs|include)$/.test(path)
}

async function copyFolder(from: string, to: string, isWanted: (path: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true })
  await chmod(to, 0o755)
  const entries = await readdir(from, { withFileTypes: true })
  await Promise.all(
    entries.map(async entry => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)]
      if (!isWanted(source)) return
      if (entry.isDirectory()) return await copyFolder(source, target, isWanted)
      await copyFile(source, target, constants.COPYFILE_FICLONE)
      await chmod(target, 0o755)
    }),
  )
}
