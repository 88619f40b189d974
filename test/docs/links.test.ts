import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findBrokenLinks, listLinkedFiles } from '../support/docs/find-links.ts'
import { listInlineCode, readPages, repository } from '../support/docs/read-pages.ts'

const pages = readPages()

describe.each(pages)('$path', page => {
  it('has links that lead somewhere', () => {
    expect(findBrokenLinks(page)).toEqual([])
  })

  it('names files and folders that exist', () => {
    const missing = listInlineCode(page)
      .filter(({ text }) => /^(electron|shared|renderer|test|docs|examples|\.ci)\/[\w./-]+$/.test(text))
      .filter(({ text }) => !existsSync(join(repository, text)))
    expect(missing).toEqual([])
  })
})

it('every page is linked from another one, and every picture is shown', () => {
  const linked = new Set(pages.flatMap(listLinkedFiles))
  const pictures = readdirSync(join(repository, 'docs/screenshots')).map(name => `docs/screenshots/${name}`)
  const files = [...pages.map(({ path }) => path).filter(path => path !== 'README.md'), ...pictures]
  expect(files.filter(file => !linked.has(file))).toEqual([])
})

it('a link to a missing page, or to a missing heading, is found with its line', () => {
  const page = {
    path: 'docs/x.md',
    text: '# One & two\n\n[a](missing.md) [b](#one--two)\n[c](#three) [d](../README.md#no-such-heading) `[e](f)`',
  }
  expect(findBrokenLinks(page)).toEqual([
    'docs/x.md:3: missing.md',
    'docs/x.md:4: #three',
    'docs/x.md:4: ../README.md#no-such-heading',
  ])
})
