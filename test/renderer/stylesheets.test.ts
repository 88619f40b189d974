import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../renderer/', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const components = files.filter(file => /\.(tsx?|html)$/.test(file)).map(file => ({ file, text: read(file) }))
const sheets = files
  .filter(file => file.endsWith('.css'))
  .map(file => ({ file, text: read(file).replaceAll(/\/\*.*?\*\//gs, '') }))

/** Modules that name a stylesheet, by the name under which each has it. */
function listReaders(sheet: string): readonly { readonly text: string; readonly name: string }[] {
  return components.flatMap(({ file, text }) =>
    [...text.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)]
      .filter(([, , path]) => join(dirname(file), path ?? '') === sheet)
      .map(([, name]) => ({ text, name: name ?? '' })),
  )
}

/** Some component sets it in its markup, or on an element by its `dataset`. */
function isSet(attribute: string): boolean {
  const property = attribute
    .slice('data-'.length)
    .replaceAll(/-([a-z])/g, (_, letter) => letter.toUpperCase())
  return components.some(({ text }) => text.includes(attribute) || text.includes(`dataset.${property}`))
}

describe.each(sheets)('$file', ({ text }) => {
  it('matches attributes that some component sets', () => {
    const attributes = [...new Set(text.match(/(?<=\[)data-[a-z-]+/g))]
    expect(attributes.filter(attribute => !isSet(attribute))).toEqual([])
  })
})

describe.each(sheets.filter(({ file }) => file.endsWith('.module.css')))('$file', ({ file, text }) => {
  it('has the classes that its components use, and no other', () => {
    const readers = listReaders(file)
    // A class of a library has a hyphen.
    const classes = [...new Set(text.match(/(?<=\.)[a-z][A-Za-z\d]*(?![\w-])(?=[^{}]*\{)/g))]
    const used = new Set(
      readers.flatMap(reader =>
        [...reader.text.matchAll(new RegExp(`\\b${reader.name}\\.(\\w+)\\b(?!\\.css)`, 'g'))].map(
          ([, className]) => className ?? '',
        ),
      ),
    )
    // `styles[kind]` may be any of them.
    const isComputed = readers.some(reader => reader.text.includes(`${reader.name}[`))
    expect({
      unused: isComputed ? [] : classes.filter(name => !used.has(name)),
      missing: [...used].filter(name => !classes.includes(name)),
    }).toEqual({ unused: [], missing: [] })
  })
})
