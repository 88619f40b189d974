import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFiles } from '../support/check-floors.ts'

/** The texts of all product code of a repository. */
export function readSources(root: string): SourceFiles {
  const files = ['shared', 'electron', 'renderer'].flatMap(folder => listSources(root, folder))
  return Object.fromEntries(files.map(file => [file, readFileSync(join(root, file), 'utf8')]))
}

function listSources(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|tsx|mts|mjs|js)$/.test(name) && !name.endsWith('.d.ts'))
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
}
