import type { Plan, PlannedStatement } from '../../../../shared/plan/plan.ts'
import { quoteName } from '../../../../shared/sql/quote-name.ts'
import type { IsolationLeak, SharedTables } from '../../ports/gate-facts.ts'

const creates =
  /^\s*create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?((?:"(?:[^"]|"")+"|[\w$]+)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\w$]+))?)\s*\(/i

/** Tables that a plan makes and does not close: what one tenant writes there would be read by all. */
export function findNewSharedTables(plan: Plan, shared: SharedTables): readonly IsolationLeak[] {
  const found = new Map<string, IsolationLeak>()
  for (const { steps } of plan.routes) {
    const statements = steps.flatMap(step => step.statements)
    for (const { revision, statements: own } of steps) {
      for (const statement of own) {
        const table = createdTable(statement)
        if (table === null || !shared.isJudged(table) || shared.isLookup(table)) continue
        const missing = missingProtections(table, statements)
        if (missing.length > 0 && !found.has(table)) found.set(table, describe(table, revision, missing))
      }
    }
  }
  return [...found.values()]
}

/** The qualified name of the table that a statement makes, without its quotes; null for every other statement. */
function createdTable({ sql }: PlannedStatement): string | null {
  const bare = sql.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '')
  const name = creates.exec(bare)?.[1]
  if (name === undefined) return null
  const parts = [...name.matchAll(/"((?:[^"]|"")+)"|([\w$]+)/g)].map(part =>
    part[1] === undefined ? (part[2] ?? '').toLowerCase() : part[1].replaceAll('""', '"'),
  )
  return parts.length === 1 ? `public.${parts[0]}` : parts.join('.')
}

function missingProtections(table: string, statements: readonly PlannedStatement[]): readonly string[] {
  const quoted = table.split('.').map(quoteName).join('.')
  const about = statements.filter(({ tables }) => tables.includes(table) || tables.includes(quoted))
  const says = (words: RegExp): boolean => about.some(({ sql }) => words.test(sql))
  return [
    ...(says(/\benable\s+row\s+level\s+security\b/i) ? [] : ['enable row level security']),
    ...(says(/\bforce\s+row\s+level\s+security\b/i) ? [] : ['force row level security']),
    ...(says(/^\s*create\s+policy\b/i) ? [] : ['a policy']),
  ]
}

function describe(table: string, revision: string, missing: readonly string[]): IsolationLeak {
  return {
    role: 'of every tenant',
    ofTenant: '',
    reaches: `what the plan will put into new table ${table}`,
    grant: `revision ${revision} makes it without ${missing.join(', ')}`,
    fix: `Add to revision ${revision}: ${missing.map(word => (word === 'a policy' ? `create policy ... on ${table}` : `alter table ${table} ${word}`)).join('; ')}; or list the table under tenants.rls.lookup.`,
    object: table,
  }
}
