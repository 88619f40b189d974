import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = new URL('../../', import.meta.url)
const file = readFileSync(fileURLToPath(new URL('electron-builder.yml', root)), 'utf8')
const schema = createRequire(import.meta.url)('app-builder-lib/scheme.json') as object
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)

describe('the configuration of packages', () => {
  it('is what electron-builder understands', () => {
    validate(parse(file))
    expect(validate.errors ?? []).toEqual([])
  })

  it.each([
    ['electronFuses', 'electronFusses'],
    ['hardenedRuntime', 'hardenedRuntimes'],
    ['runAsNode', 'runAsANode'],
  ])('would be refused with %s written as %s', (key, wrong) => {
    expect(validate(parse(file.replace(key, wrong)))).toBe(false)
    expect(JSON.stringify(validate.errors)).toContain(wrong)
  })

  it('turns off every way to make another program of a package', () => {
    const { electronFuses, publish, asar } = parse(file) as Record<string, unknown>
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
    expect(publish).toBeNull()
    expect(asar).toBe(true)
  })

  it('names files that exist', () => {
    const { mac } = parse(file) as { mac: { entitlements: string } }
    expect(readFileSync(new URL(mac.entitlements, root), 'utf8')).toContain('<plist')
  })
})
