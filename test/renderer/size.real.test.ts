import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { measureInitialScripts } from '../support/dashboard/measure-initial-scripts.ts'
import { rendererFolder } from '../support/dashboard/with-fake-dashboard.ts'

const budget = 220_000

it('starts with at most 220 kB of JavaScript, gzipped', () => {
  const sizes = measureInitialScripts(rendererFolder())
  const total = sizes.reduce((sum, { gzipped }) => sum + gzipped, 0)
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
