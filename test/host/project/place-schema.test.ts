import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { placeSchema } from '../../../electron/host/project/place-schema.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-schema-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('an editor finds the schema of an installed package, from a folder below it too', () => {
  const dist = join(folder, 'node_modules/lockstep/dist')
  mkdirSync(dist, { recursive: true })
  writeFileSync(join(dist, 'config.schema.json'), '{}')
  mkdirSync(join(folder, 'deploy/eu'), { recursive: true })
  expect(placeSchema(folder)).toBe('node_modules/lockstep/dist/config.schema.json')
  expect(placeSchema(join(folder, 'deploy/eu'))).toBe('../../node_modules/lockstep/dist/config.schema.json')
  expect(existsSync(join(folder, '.lockstep'))).toBe(false)
})
