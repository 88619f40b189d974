import type { PlanFinding } from '../../../shared/analysis/finding.ts'

/** A finding as a rule would make it, changed as a test wants it. */
export function makeFinding(change: Partial<PlanFinding> = {}): PlanFinding {
  return {
    fingerprint: 'f'.repeat(64),
    source: 'lint',
    rule: 'index_without_concurrently',
    severity: 'error',
    revision: '0004',
    statement: 0,
    place: { file: 'migrations/0004_add_index.up.sql', line: 3 },
    objects: ['public.orders'],
    tenants: [],
    message: 'create index on public.orders blocks writes until it is done.',
    why: 'The table is locked against writes while the index is built.',
    remedy: 'Build it concurrently, in a revision of its own.',
    saferSql: 'create index concurrently orders_at on public.orders (at);',
    waived: null,
    ...change,
  }
}

/** Text that breaks careless writers: markup, commands, colours, line breaks, half characters, other scripts. */
export const nastyText = [
  ']]> </failure> <!-- & "quoted" \'single\' %0A 100% a:b,c',
  '\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007 \u009b1mbold',
  'null \u0000 bell \u0007 half \ud800 not a character \uffff right to left \u202e',
  '::error::from inside\r\n::set-output name=x::y | `code` ```fence``` <script>alert(1)</script>',
  '\u00e4\u00f6\u00fc \u6f22\u5b57 \u{1f512} e\u0301',
].join('\n')
