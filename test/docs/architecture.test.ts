import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeStructure, readPurposes } from '../structure/describe-structure.ts'
import { readSources } from '../structure/read-sources.ts'
import { readPages, repository } from '../support/docs/read-pages.ts'
import { findImports } from '../support/find-imports.ts'

const page = readPages().find(({ path }) => path === 'docs/architecture.md')?.text ?? ''
const [, story = ''] = /## From the command line to `COMMIT PREPARED`\n([\s\S]*?)\n## /.exec(page) ?? []
const walk = [...story.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = '']) => file)

/** Every file that a file leads to, by imports of its own and of those it imports. */
function listReached(from: string): ReadonlySet<string> {
  const reached = new Set<string>()
  const visit = (file: string): void => {
    if (reached.has(file)) return
    reached.add(file)
    for (const { specifier } of findImports(readFileSync(join(repository, file), 'utf8')))
      if (specifier?.startsWith('.') && specifier.endsWith('.ts'))
        visit(posix.join(posix.dirname(file), specifier))
  }
  visit(from)
  return reached
}

describe('the way of one migration through the files', () => {
  it('has at most 15 of them, none twice', () => {
    expect(walk.length).toBeGreaterThan(10)
    expect(walk.length).toBeLessThanOrEqual(15)
    expect(new Set(walk).size).toBe(walk.length)
  })

  it('begins at the command line, and passes only what that leads to', () => {
    const [first = ''] = walk
    expect(first).toMatch(/^electron\/cli\//)
    const reached = listReached(first)
    expect(walk.filter(file => file.endsWith('.ts') && !reached.has(file))).toEqual([])
  })

  it('passes the statement that votes, and ends at the one that commits', () => {
    const read = (file: string): string => readFileSync(join(repository, file), 'utf8')
    expect(walk.filter(file => /"prepare transaction /.test(read(file)))).toHaveLength(1)
    expect(read(walk.at(-1) ?? '')).toMatch(/prepared \$\{/)
  })
})

describe('the lists of phases', () => {
  const [, section = ''] = /## Phases\n([\s\S]*?)\n## /.exec(page) ?? []
  const rows = [...section.matchAll(/^\| `([^`]+\.ts)` +\| (.*?) *\|$/gm)].map(
    ([, file = '', entries = '']) => [file, entries] as const,
  )

  it('are five: run, rollback, recovery, and the turn of a group in each of two ways', () => {
    expect(rows).toHaveLength(5)
  })

  it.each(rows)('%s holds what the table says, phases bold and leases in italics', (file, entries) => {
    const source = readFileSync(join(repository, file), 'utf8')
    const [, list = ''] = /listPhases<[^;]*?>\(\)\n((?: +\.\w+\(\w+\)\n)+)/.exec(source) ?? []
    const marks: Readonly<Record<string, string>> = { phase: '**', holding: '_', step: '' }
    const written = [...list.matchAll(/\.(\w+)\((\w+)\)/g)].map(
      ([, kind = '', name = '']) => `${marks[kind]}${name}${marks[kind]}`,
    )
    expect(written.length).toBeGreaterThan(2)
    expect(entries.replace(/^for [^:]*: /, '')).toBe(written.join(', '))
  })
})

it('every folder with files has a sentence, and no other has', () => {
  const folders = new Set(Object.keys(readSources(repository)).map(file => posix.dirname(file)))
  const explained = [...readPurposes(page).keys()]
  // What only groups other folders, and what holds other things than sources, may be explained too.
  const others = explained.filter(folder => !existsSync(join(repository, folder)))
  expect(others).toEqual([])
  expect([...folders].filter(folder => !explained.includes(folder))).toEqual([])
})

it('prints every folder with its purpose and what it holds, and that there is no cycle', () => {
  const lines = describeStructure(readSources(repository), readPurposes(page))
  expect(lines.find(line => line.startsWith('electron/engine/voting '))).toMatch(
    /^electron\/engine\/voting +\d+ +\d+ {2}PREPARE TRANSACTION in each tenant/,
  )
  expect(lines.at(-1)).toMatch(/^\d+ folders, \d+ files, \d+ lines, 0 cycles$/)
})

it('prints a cycle of folders with the import that begins it', () => {
  const lines = describeStructure(
    {
      'shared/a/one.ts': "import '../b/two.ts'",
      'shared/b/two.ts': 'export {}',
      'shared/b/three.ts': "import '../a/one.ts'",
    },
    new Map([['shared/a', 'the first']]),
  )
  expect(lines).toEqual([
    'folder    files  lines  purpose',
    'shared/a      1      1  the first',
    'shared/b      2      2  (no purpose in docs/architecture.md)',
    'shared/a/one.ts:1: a cycle of folders: shared/a -> shared/b -> shared/a',
    '2 folders, 3 files, 3 lines, 1 cycle',
  ])
})
