import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
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

/** Folders whose own folders are explained one by one. */
const parents = [
  '.',
  'electron',
  'shared',
  'electron/engine',
  'electron/adapters',
  'electron/app',
  'electron/host',
  'renderer',
]
const sources = ['electron', 'shared', 'renderer']

it('every folder has a sentence, and no other has', () => {
  const explained = [...page.matchAll(/^\| `((?:shared|electron|renderer)[^`]*)` +\|/gm)].map(
    ([, name]) => name,
  )
  const folders = parents.flatMap(parent =>
    readdirSync(join(repository, parent), { withFileTypes: true })
      .filter(entry => entry.isDirectory() && (parent !== '.' || sources.includes(entry.name)))
      .map(entry => posix.join(parent, entry.name)),
  )
  expect([...explained, 'electron'].toSorted()).toEqual(folders.toSorted())
})
