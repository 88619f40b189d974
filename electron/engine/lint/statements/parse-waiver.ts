import type { InlineWaiver } from './lint-statement.ts'

/** Reads `allow RULE: reason`. */
export function parseWaiver(text: string, line: number | null): InlineWaiver {
  const [, rule = '', reason = ''] = /^allow\s+([^\s:]*)\s*:?\s*(.*)$/i.exec(text) ?? []
  return { rule, reason: reason.trim(), line }
}
