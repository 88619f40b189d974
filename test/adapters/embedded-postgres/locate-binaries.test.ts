import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { locateBinaries, readBinaries } from '../../../electron/adapters/embedded-postgres/locate-binaries.ts'

test('finds the programs of this platform', () => {
  const { folder } = locateBinaries()
  expect(existsSync(join(folder, 'bin', process.platform === 'win32' ? 'postgres.exe' : 'postgres'))).toBe(
    true,
  )
})

test('names the missing package and what to do on a platform without one', () => {
  expect(() => locateBinaries('sunos', 'sparc')).toThrow(
    expect.objectContaining({
      failure: {
        kind: 'sandbox_failed',
        problem: expect.stringContaining('@embedded-postgres/sunos-sparc'),
        fix: expect.stringContaining('--omit=optional'),
      },
    }),
  )
})

test('says when a package is there without its programs', () => {
  expect(() => readBinaries(import.meta.dirname)).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ fix: expect.stringContaining('npm ci') }) }),
  )
})
