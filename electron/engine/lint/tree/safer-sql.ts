import { quoteName } from '../../../../shared/sql/quote-name.ts'
import type { Constraint } from './constraint.ts'
import type { Relation } from './relation.ts'

/** Statements one below the other, each with its semicolon; comments stay as they are. */
export function joinSteps(...steps: readonly string[]): string {
  return steps.map(step => (step.startsWith('--') ? step : `${trimStatement(step)};`)).join('\n')
}

/** Says that what follows belongs into a revision that is migrated to later. */
export const later = '-- in a later migration, once this one is through:'

/** Says that what follows cannot stand in a transaction. */
export const withoutTransaction = '-- in a revision of its own, outside a transaction:'

/** The name of a constraint, or the one that the server would choose. */
export function nameConstraint(
  constraint: Constraint,
  table: Relation,
  column: string | null,
  suffix: string,
): string {
  if (constraint.name !== null) return quoteName(constraint.name)
  const columns = column === null ? constraint.columns : [column]
  return quoteName([table.name, ...columns, suffix].join('_'))
}

/** Puts a word behind the words that a statement begins with; null when it begins otherwise. */
export function insertWord(sql: string, beginning: RegExp, word: string): string | null {
  const found = beginning.exec(sql)?.[0]
  if (found === undefined || !sql.startsWith(found)) return null
  return `${found.trimEnd()} ${word} ${trimStatement(sql.slice(found.length).trimStart())}`
}

/** Adds a constraint without looking at what is there, and proves it later; `object` is what it belongs to, as `alter` names it. */
export function validateLater(add: string, object: string, name: string): string {
  return joinSteps(`${trimStatement(add)} not valid`, later, `alter ${object} validate constraint ${name}`)
}

/** Builds the index of a key without a lock, and makes the key of it later. */
export function makeKeyOfIndex(
  key: 'primary key' | 'unique',
  table: Relation,
  columns: readonly string[],
  name: string,
): string {
  const index = quoteName([table.name, ...columns, 'idx'].join('_'))
  return joinSteps(
    withoutTransaction,
    `create unique index concurrently ${index} on ${table.sql} (${columnList(columns)})`,
    later,
    `alter table ${table.sql} add constraint ${name} ${key} using index ${index}`,
  )
}

/** Columns as they stand in brackets. */
export function columnList(columns: readonly string[]): string {
  return columns.map(quoteName).join(', ')
}

function trimStatement(sql: string): string {
  return sql.trim().replace(/;$/, '').trimEnd()
}

/** The words `check (...)` of a statement that has them once; null when it has none, or several. */
export function cutCheck(sql: string): string | null {
  const found = [...sql.matchAll(/\bcheck\s*\(/gi)]
  const [first] = found
  if (!first || found.length > 1) return null
  let depth = 0
  for (const token of sql.slice(first.index).matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (token[0] === '(') depth += 1
    if (token[0] === ')') depth -= 1
    if (depth === 0 && token[0] === ')') return sql.slice(first.index, first.index + token.index + 1)
  }
  return null
}
