import { describe, expect, it } from 'vitest'
import { formatDuration } from '../../electron/compose/format-duration.ts'
import { baseName, folderOf, joinPath } from '../../electron/compose/nodes/join-path.ts'
import { isIpAddress } from '../../electron/compose/normalise/is-ip-address.ts'
import { resolvePlainScalar } from '../../electron/compose/resolve-plain-scalar.ts'

describe('an unquoted scalar is printed as Compose prints it', () => {
  it.each<[string, string]>([
    ['1_000', '1000'],
    ['007', '7'],
    ['08', '8'],
    ['0x1F', '31'],
    ['0o17', '15'],
    ['0b11', '3'],
    ['+5', '5'],
    ['1.10', '1.1'],
    ['1.', '1'],
    ['.5', '0.5'],
    ['1e3', '1000'],
    ['1e6', '1e+06'],
    ['1000000', '1000000'],
    ['1000000.0', '1e+06'],
    ['0.00001', '1e-05'],
    ['123456789.5', '1.234567895e+08'],
    ['-0.0', '-0'],
    ['12345678901234567890', '12345678901234567890'],
    ['123456789012345678901234', '1.2345678901234569e+23'],
    ['.inf', '+Inf'],
    ['yes', 'yes'],
    ['22:22', '22:22'],
    ['1.2.3', '1.2.3'],
    ['TRUE', 'true'],
    ['~', ''],
  ])('%s as %j', (source, text) => {
    expect(resolvePlainScalar(source).text).toBe(text)
  })
})

describe('formatDuration', () => {
  it.each<[string, string | null]>([
    ['90s', '1m30s'],
    ['1m', '1m0s'],
    ['1h', '1h0m0s'],
    ['1d2h', '26h0m0s'],
    ['1w', '168h0m0s'],
    ['1.5s', '1.5s'],
    ['500ms', '500ms'],
    ['1500us', '1.5ms'],
    ['100ns', '100ns'],
    ['0', '0s'],
    ['-5s', '-5s'],
    ['30', null],
    ['', null],
    ['5 s', null],
  ])('makes of %j: %j', (written, printed) => {
    expect(formatDuration(written)).toBe(printed)
  })
})

describe('isIpAddress', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::', '::1', 'fe80::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4'])(
    'takes %s',
    text => {
      expect(isIpAddress(text)).toBe(true)
    },
  )
  it.each([
    '',
    'db',
    '1.2.3',
    '256.1.1.1',
    '01.1.1.1',
    ':',
    ':::',
    '1:2',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    'g::',
  ])('refuses %j', text => {
    expect(isIpAddress(text)).toBe(false)
  })
})

describe('paths', () => {
  it.each<[string, string, string]>([
    ['/shop', './a', '/shop/a'],
    ['/shop', '../a/./b//c', '/a/b/c'],
    ['/', '../../a', '/a'],
    ['/shop', '/etc/../x', '/etc/../x'],
    ['/shop', 'C:\\data', 'C:\\data'],
    ['C:\\shop', './a/b', 'C:\\shop\\a\\b'],
    ['C:/shop', '..\\a', 'C:\\a'],
    ['\\\\server\\share\\shop', '..\\..\\a', '\\\\server\\share\\a'],
  ])('%s and %s make %s', (folder, path, joined) => {
    expect(joinPath(folder, path)).toBe(joined)
  })

  it('have a folder and a last part', () => {
    expect(['/a/b.yml', 'C:\\a\\b.yml', '/b.yml'].map(folderOf)).toEqual(['/a', 'C:\\a', '/'])
    expect(['/a/b', 'C:\\a\\b', '/a/b/'].map(baseName)).toEqual(['b', 'b', 'b'])
  })
})
