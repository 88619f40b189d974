import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** Who may have the printed definition of an object in hand, and what for. */
const readers: Readonly<Record<string, string>> = {
  'electron/engine/conflicts/compare-classes.ts': 'compares it whole, and shows it',
}

/** Here, definitions are nodes of PostgreSQL's parse tree. */
const trees = 'electron/engine/lint/'

/** Lines of a file that take the definition out of an item. */
function findReads(text: string): readonly string[] {
  const taken = /\.definition\b|[{,]\s*definition\b\s*(?:[,}]|:\s*\w+\s*[,}])/
  return text.split('\n').filter(line => taken.test(line))
}

describe('the printed definition of an object', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const files = ['electron/engine', 'electron/app'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => `${folder}/${name.replaceAll('\\', '/')}`),
  )

  it('is read by nothing that decides: the selectors of catalog-item.ts have what code needs', () => {
    const found = files
      .filter(file => !file.startsWith(trees))
      .filter(file => findReads(readFileSync(join(root, file), 'utf8')).length > 0)
    expect(found).toEqual(Object.keys(readers))
  })

  it.each([
    ['a member', 'if (/x/.test(item.definition)) return'],
    ['a part of an argument', 'items.filter(({ ident, definition }) => definition.includes(ident))'],
    ['one under another name', 'const { kind, definition: text } = item'],
  ])('is found where it is read as %s', (_how, line) => {
    expect(findReads(line)).toEqual([line])
  })

  it('is not taken for a word that only looks like it', () => {
    expect(findReads(`import { definitionWithoutTail } from 'x'\nconst definition = readNode(node)`)).toEqual(
      [],
    )
  })
})
