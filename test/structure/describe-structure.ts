import { posix } from 'node:path'
import { countOf } from '../../shared/text/plain-words.ts'
import { findKnots, type SourceFiles } from '../support/check-floors.ts'

interface FolderSize {
  readonly files: number
  readonly lines: number
}

/** The sentence of each folder, from the tables of `docs/architecture.md`. */
export function readPurposes(page: string): ReadonlyMap<string, string> {
  const rows = [...page.matchAll(/^\| `((?:shared|electron|renderer)[^`]*)` +\| (?:\d +\| )?(.*?) +\|$/gm)]
  return new Map(rows.map(([, folder = '', purpose = '']) => [folder, purpose]))
}

/** A line for each folder with files, one for each cycle of imports, and a sum. */
export function describeStructure(
  sources: SourceFiles,
  purposes: ReadonlyMap<string, string>,
): readonly string[] {
  const folders = measureFolders(sources)
  const knots = findKnots(sources)
  const width = Math.max(...[...folders.keys()].map(folder => folder.length))
  const sum = [...folders.values()].reduce((all, { lines }) => all + lines, 0)
  return [
    `${'folder'.padEnd(width)}  files  lines  purpose`,
    ...[...folders].map(([folder, { files, lines }]) => {
      const purpose = purposes.get(folder) ?? '(no purpose in docs/architecture.md)'
      return `${folder.padEnd(width)}  ${String(files).padStart(5)}  ${String(lines).padStart(5)}  ${purpose}`
    }),
    ...knots,
    `${countOf(folders.size, 'folder')}, ${countOf(Object.keys(sources).length, 'file')}, ${countOf(sum, 'line')}, ${countOf(knots.length, 'cycle')}`,
  ]
}

function measureFolders(sources: SourceFiles): ReadonlyMap<string, FolderSize> {
  const folders = new Map<string, FolderSize>()
  for (const file of Object.keys(sources).toSorted()) {
    const folder = posix.dirname(file)
    const { files, lines } = folders.get(folder) ?? { files: 0, lines: 0 }
    const text = sources[file] ?? ''
    const added = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    folders.set(folder, { files: files + 1, lines: lines + added })
  }
  return new Map([...folders].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
