import { describe, expect, it } from 'vitest'
import { countMissingBytes, parseLsn } from '../../../../electron/adapters/postgres/replicas/lsn.ts'

describe('a WAL position', () => {
  it('is a number of 64 bits', () => {
    expect(parseLsn('0/16B3748')).toBe(0x16b3748n)
    expect(parseLsn('FF/0')).toBe(0xff00000000n)
    expect(() => parseLsn('nonsense')).toThrow('not a WAL position')
  })

  it('is missing as many bytes as lie before the target, and none behind it', () => {
    expect(countMissingBytes('1/0', '0/FFFFFFF0')).toBe(16)
    expect(countMissingBytes('0/10', '1/0')).toBe(0)
  })
})
