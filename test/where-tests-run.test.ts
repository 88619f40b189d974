import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))
/** Those of the project `browser` in vitest.config.ts. */
const browserFolders = /^(dashboard|desktop|renderer|web)\//

describe('a test in a browser and a test with containers never run at once: networks that come and go make a browser drop what it fetches', () => {
  const needs = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => /\.real\.test\.ts$|\/journeys\.ts$/.test(name))
    .map(name => ({ name, text: readFileSync(join(here, name), 'utf8') }))

  it('what needs Chromium is where browsers are tried', () => {
    const files = needs.filter(({ text }) => /needs\([^)]*'chromium'/.test(text)).map(({ name }) => name)
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter(name => !browserFolders.test(name))).toEqual([])
  })

  it('what needs Docker is not', () => {
    const files = needs
      .filter(({ text }) => /needs\([^)]*'docker|inject\('docker'\)/.test(text))
      .map(({ name }) => name)
    expect(files.length).toBeGreaterThan(5)
    expect(files.filter(name => browserFolders.test(name))).toEqual([])
  })
})
