import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { rendererFolder } from '../support/dashboard/with-fake-dashboard.ts'

const budget = 220_000

/** The script of the page and all that it imports before it can start. */
function listInitialScripts(folder: string): readonly string[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const found = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)].map(match => match[1] ?? '')
  for (let next = 0; next < found.length; next += 1) {
    const name = found[next] ?? ''
    const text = readFileSync(join(folder, name), 'utf8')
    const folderOf = name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : ''
    for (const match of text.matchAll(/(?:^|[;}])import(?:[^"'()]*?from)?["']\.\/([^"']+)["']/g)) {
      const path = `${folderOf}${match[1]}`
      if (!found.includes(path)) found.push(path)
    }
  }
  return found
}

it('starts with at most 220 kB of JavaScript, gzipped', () => {
  const folder = rendererFolder()
  const sizes = listInitialScripts(folder).map(
    name => [name, gzipSync(readFileSync(join(folder, name))).length] as const,
  )
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  expect(sizes.length).toBeGreaterThan(1)
  expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(budget)
})

it('holds no development build and no validation library', () => {
  const folder = join(rendererFolder(), 'assets')
  const texts = readdirSync(folder)
    .filter(name => name.endsWith('.js'))
    .map(name => readFileSync(join(folder, name), 'utf8'))
  expect(texts.some(text => text.includes('react-dom-client.development'))).toBe(false)
  expect(texts.some(text => text.includes('ZodError'))).toBe(false)
})
