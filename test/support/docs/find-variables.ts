import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './read-pages.ts'

/** What makes use of variables: the product, its tests, and what starts them. */
const places = [
  'electron',
  'shared',
  'renderer',
  'test',
  '.ci',
  'examples/shop-compose',
  'vite.config.ts',
  'vitest.config.ts',
]

/** Names of our own variables in a text; one that ends in `_` is the beginning of several. */
export function listVariables(text: string): readonly string[] {
  return [...new Set(text.match(/\bLOCKSTEP_[A-Z_]*[A-Z](?![A-Z_])/g) ?? [])].sort()
}

/** Names of our own variables that the code makes use of. */
export function listUsedVariables(): readonly string[] {
  const texts = places
    .flatMap(listFiles)
    .filter(file => /(\.(ts|tsx|mjs|py|sh|ya?ml)|\.ci\/[\w-]+)$/.test(file))
    // These tests talk of variables and use none.
    .filter(file => !/test\/(support\/)?docs\//.test(file))
    .map(file => readFileSync(join(repository, file), 'utf8'))
  return listVariables(texts.join('\n'))
}

function listFiles(place: string): readonly string[] {
  if (statSync(join(repository, place)).isFile()) return [place]
  return readdirSync(join(repository, place), { recursive: true, encoding: 'utf8' })
    .map(name => `${place}/${name.replaceAll('\\', '/')}`)
    .filter(name => statSync(join(repository, name)).isFile())
}
