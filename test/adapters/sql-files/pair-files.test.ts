import { describe, expect, it } from 'vitest'
import { pairFiles } from '../../../electron/adapters/sql-files/pair-files.ts'
import { failureOf } from './failure-of.ts'

describe('names of migration files', () => {
  it('pair up and down files and are sorted by number, not by letter', () => {
    expect(
      pairFiles(['10_c.up.sql', '9_b.up.sql', '9_b.down.sql', '0001_a.up.sql', 'README.md', '.#9_b.up.sql']),
    ).toEqual([
      { revision: '0001', name: 'a', up: '0001_a.up.sql', down: null },
      { revision: '9', name: 'b', up: '9_b.up.sql', down: '9_b.down.sql' },
      { revision: '10', name: 'c', up: '10_c.up.sql', down: null },
    ])
  })

  it('may have gaps, dates, spaces, quotes and unicode', () => {
    expect(
      pairFiles(["20260101120000_o'neil's grüße.up.sql", '7_a.b.up.sql']).map(file => file.name),
    ).toEqual(['a.b', "o'neil's grüße"])
  })

  it.each([
    ['V1__users.sql', ['V1__users.sql']],
    ['0001_users.sql', ['0001_users.sql']],
    ['0001_users.UP.SQL', ['0001_users.UP.SQL']],
    ['0001.up.sql', ['0001.up.sql']],
    ['users.up.sql', ['0001_a.up.sql', 'users.up.sql']],
  ])('that do not follow the convention are refused: %s', (file, files) => {
    expect(failureOf(() => pairFiles(files))).toMatchObject({
      kind: 'source_failed',
      file,
      error:
        'the name must look like 0001_add_users.up.sql or 0001_add_users.down.sql, and the file must go one way only',
    })
  })

  it.each([
    ['git mv 0001_b.up.sql 0003_b.up.sql', ['0001_a.up.sql', '0001_b.up.sql', '0002_c.up.sql']],
    ['git mv 1_b.up.sql 2_b.up.sql', ['1_b.up.sql', '0001_a.up.sql']],
  ])(
    'that follow the same one are two heads, with the command that renumbers one: %s',
    (mergeCommand, files) => {
      expect(failureOf(() => pairFiles(files))).toMatchObject({ kind: 'several_heads', mergeCommand })
    },
  )

  it.each([
    [
      '0001_b.down.sql',
      'the number 0001 is taken by 0001_a.down.sql',
      ['0001_a.up.sql', '0001_a.down.sql', '0001_b.down.sql'],
    ],
    [
      '0001_a.down.sql',
      'this down file has no up file of the same number',
      ['0001_a.down.sql', '0002_b.up.sql'],
    ],
    [
      '0001_b.down.sql',
      'the name differs from that of its up file, 0001_a.up.sql',
      ['0001_a.up.sql', '0001_b.down.sql'],
    ],
    [
      '1_a.down.sql',
      'the name differs from that of its up file, 0001_a.up.sql',
      ['0001_a.up.sql', '1_a.down.sql'],
    ],
  ])('are refused with the file at fault: %s, %s', (file, error, files) => {
    expect(failureOf(() => pairFiles(files))).toMatchObject({ kind: 'source_failed', file, error })
  })
})
