import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gidFor, parseGid } from '../../electron/naming/gid.ts'

const runId = '01K9ZZZZZZZZZZZZZZZZZZZZZZ'
const name = (most: number) =>
  fc.string({ unit: 'binary', minLength: 1, maxLength: most }).filter(text => Buffer.byteLength(text) <= most)

describe('gidFor', () => {
  it('names the run, the group and the tenant', () => {
    expect(gidFor('01K', 'canary', 'birch')).toBe('lockstep:01K:canary:birch')
  })

  it('escapes colons, percent signs, quotes, spaces and everything that is not ASCII', () => {
    expect(gidFor('1', 'a:b', "o'neil 50% ü")).toBe('lockstep:1:a%3Ab:o%27neil%2050%25%20%C3%BC')
  })

  it('keeps a tenant of 63 bytes whole beside a group of 63 bytes', () => {
    const tenant = 'ü'.repeat(31)
    const gid = gidFor(runId, 'ä'.repeat(31), tenant)
    expect(gid.length).toBeLessThan(200)
    expect(parseGid(gid)?.tenant).toBe(tenant)
    expect(parseGid(gid)?.runId).toBe(runId)
  })

  it('tells apart two tenants that differ only behind the place where they are cut', () => {
    const long = 'é'.repeat(300)
    expect(gidFor(runId, 'rest', `${long}a`)).not.toBe(gidFor(runId, 'rest', `${long}b`))
  })

  it('is ASCII and shorter than 200 bytes for any names', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ unit: 'binary', maxLength: 400 }),
        (run, group, tenant) => {
          const gid = gidFor(run, group, tenant)
          expect(gid).toMatch(/^[\x21-\x7e]+$/)
          expect(gid.length).toBeLessThan(200)
        },
      ),
    )
  })

  it('never gives two tenants of at most 63 bytes the same identifier, whatever the group', () => {
    fc.assert(
      fc.property(name(63), name(63), name(63), (group, left, right) => {
        fc.pre(left !== right)
        expect(gidFor(runId, group, left)).not.toBe(gidFor(runId, group, right))
      }),
    )
  })

  it('gives the tenant back for every name of at most 63 bytes', () => {
    fc.assert(
      fc.property(name(63), name(63), (group, tenant) => {
        expect(parseGid(gidFor(runId, group, tenant))).toMatchObject({ runId, tenant })
      }),
      { numRuns: 500 },
    )
  })
})

describe('parseGid', () => {
  it.each([
    ['an identifier of somebody else', 'payments-2pc-17'],
    ['one with too few parts', 'lockstep:run:group'],
    ['one with too many parts', 'lockstep:run:group:tenant:more'],
    ['one with an empty part', 'lockstep:run::tenant'],
    ['one with a broken escape', 'lockstep:run:group:100%'],
    ['one with a broken packed name', 'lockstep:run:group:=!!'],
    ['an empty text', ''],
  ])('refuses %s', (_title, gid) => {
    expect(parseGid(gid)).toBeNull()
  })

  it('reads back what gidFor wrote', () => {
    expect(parseGid(gidFor('01K', 'a:b', "o'neil ü"))).toEqual({
      runId: '01K',
      group: 'a:b',
      tenant: "o'neil ü",
    })
  })
})
