import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LockstepError } from '../../../shared/failure/failure.ts'

/** What the demo is made of: the shop as an Alembic project and as SQL files, and what goes wrong with it on purpose. */
export type ExampleName = 'shop-alembic' | 'shop-sql' | 'shop-faults'

/** The files of an example by their paths, in order. */
export type ExampleFiles = ReadonlyMap<string, string>

/** Reads the files of an example that lie in a folder of it. */
export function readExample(name: ExampleName, folder = '.'): ExampleFiles {
  const root = join(locateExamples(), name, folder)
  return new Map(
    listFiles(root).map(path => [path.split(sep).join('/'), readFileSync(join(root, path), 'utf8')]),
  )
}

/** Beside this module's bundle or its chunks, or at the top of the source tree. */
function locateExamples(): string {
  const here = fileURLToPath(new URL('.', import.meta.url))
  const places = ['examples', '../examples', '../../../examples'].map(place => join(here, place))
  const found = places.find(place => existsSync(join(place, 'shop-sql')))
  if (found === undefined)
    throw new LockstepError({
      kind: 'internal',
      message: 'the examples that the demo is made of are missing',
    })
  return found
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== '__pycache__')
    .flatMap(entry =>
      entry.isDirectory()
        ? listFiles(join(folder, entry.name)).map(path => join(entry.name, path))
        : [entry.name],
    )
    .sort()
}
