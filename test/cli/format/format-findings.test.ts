import { describe, expect, it } from 'vitest'
import { formatFindings } from '../../../electron/cli/format/format-findings.ts'
import { makeFinding, nastyText } from '../../shared/samples/findings.ts'

describe('findings in the terminal', () => {
  it('are shown by revision and statement, the accepted ones in one line', () => {
    const text = formatFindings([
      makeFinding({ statement: 2, severity: 'note', rule: 'long_name', saferSql: null, place: null }),
      makeFinding({ tenants: ['ash', 'birch'], saferSql: 'create index concurrently a\n  on b (c);' }),
      makeFinding({
        revision: null,
        rule: 'several_heads',
        severity: 'warning',
        saferSql: null,
        place: null,
      }),
      makeFinding({ waived: { by: 'policy', reason: 'agreed on Monday' } }),
    ])
    expect(text).toMatchInlineSnapshot(`
      "
      Findings  1 error, 1 warning, 1 note
        0004
          error  index_without_concurrently  migrations/0004_add_index.up.sql:3
            create index on public.orders blocks writes until it is done.
            why      The table is locked against writes while the index is built.
            tenants  ash, birch
            instead  Build it concurrently, in a revision of its own.
            safer    create index concurrently a
                       on b (c);
          note  long_name
            create index on public.orders blocks writes until it is done.
            why      The table is locked against writes while the index is built.
            instead  Build it concurrently, in a revision of its own.
        between revisions
          warning  several_heads
            create index on public.orders blocks writes until it is done.
            why      The table is locked against writes while the index is built.
            instead  Build it concurrently, in a revision of its own.
        1 accepted: index_without_concurrently (agreed on Monday)
      "
    `)
  })

  it('are nothing where nothing was found, and one line where all is accepted', () => {
    expect(formatFindings([])).toBe('')
    expect(formatFindings([makeFinding({ waived: { by: 'inline', reason: 'empty table' } })])).toBe(
      '\nFindings  none that is not accepted\n  1 accepted: index_without_concurrently (empty table)\n',
    )
  })

  it('cannot steer the terminal, and end after 100', () => {
    const text = formatFindings([
      makeFinding({ message: nastyText, saferSql: nastyText, rule: 'a\u001b[2J' }),
    ])
    expect(text).not.toContain('\u001b')
    const many = formatFindings(Array.from({ length: 1_000 }, () => makeFinding()))
    expect(many).toContain('Findings  1000 errors')
    expect(many).toContain('and 900 more: lockstep plan --report=sarif')
  })
})
