import type { Plan } from '../../../../shared/plan/plan.ts'
import { readNameParts, readNode, readNodes, readText, type SyntaxNode } from '../../../sql/syntax-node.ts'
import type { IsolationLeak, SharedTables } from '../../ports/gate-facts.ts'
import type { ParsedSql, SqlParser } from '../../ports/sql-parser.ts'

/** Tables that a plan makes and does not close: what one tenant writes there would be read by all. */
export async function findNewSharedTables(
  plan: Plan,
  shared: SharedTables,
  parser: SqlParser,
): Promise<readonly IsolationLeak[]> {
  const found = new Map<string, IsolationLeak>()
  for (const { steps } of plan.routes) {
    const made = new Map<string, NewTable>()
    for (const { revision, statements } of steps)
      for (const { sql } of statements)
        for (const statement of await parser.parse(sql)) follow(made, statement, revision)
    for (const [table, { revision, isEnabled, isForced, policies }] of made) {
      if (found.has(table) || !shared.isJudged(table) || shared.isLookup(table)) continue
      const missing = [
        ...(isEnabled ? [] : ['enable row level security']),
        ...(isForced ? [] : ['force row level security']),
        ...(policies.size > 0 ? [] : ['a policy']),
      ]
      if (missing.length > 0) found.set(table, describe(table, revision, missing))
    }
  }
  return [...found.values()]
}

/** A table that a route makes, as its statements leave it. */
interface NewTable {
  readonly revision: string
  isEnabled: boolean
  isForced: boolean
  readonly policies: Set<string>
}

function follow(made: Map<string, NewTable>, { type, node }: ParsedSql, revision: string): void {
  switch (type) {
    case 'CreateStmt':
      // A partition is reached through its parent, and judged by itself only once it is there and granted.
      if (!('partbound' in node)) make(made, readNode(node, 'relation'), revision)
      return
    case 'CreateTableAsStmt':
      if (node.objtype === 'OBJECT_TABLE') make(made, readNode(readNode(node, 'into'), 'rel'), revision)
      return
    case 'SelectStmt':
      if ('intoClause' in node) make(made, readNode(readNode(node, 'intoClause'), 'rel'), revision)
      return
    case 'RenameStmt':
      if (node.renameType === 'OBJECT_TABLE')
        move(made, readNode(node, 'relation'), { relname: readText(node, 'newname') ?? '' })
      return
    case 'AlterObjectSchemaStmt':
      if (node.objectType === 'OBJECT_TABLE')
        move(made, readNode(node, 'relation'), { schemaname: readText(node, 'newschema') ?? '' })
      return
    case 'AlterTableStmt': {
      const table = made.get(nameOf(readNode(node, 'relation')))
      if (table)
        for (const item of readNodes(node, 'cmds'))
          alter(table, readText(readNode(item, 'AlterTableCmd'), 'subtype'))
      return
    }
    case 'CreatePolicyStmt':
      made.get(nameOf(readNode(node, 'table')))?.policies.add(readText(node, 'policy_name') ?? '')
      return
    case 'DropStmt':
      for (const object of readNodes(node, 'objects')) drop(made, readText(node, 'removeType'), object)
  }
}

/** A new table is open. One that the route has made already stays as it is: it is made "if not exists". */
function make(made: Map<string, NewTable>, relation: SyntaxNode, revision: string): void {
  const name = nameOf(relation)
  if (relation.relpersistence === 't' || made.has(name)) return
  made.set(name, { revision, isEnabled: false, isForced: false, policies: new Set() })
}

/** A table keeps its protections under its new name: a table that is built again takes the place of the old one so. */
function move(made: Map<string, NewTable>, relation: SyntaxNode, to: SyntaxNode): void {
  const name = nameOf(relation)
  const table = made.get(name)
  if (!table) return
  made.delete(name)
  made.set(nameOf({ ...relation, ...to }), table)
}

function alter(table: NewTable, command: string | null): void {
  if (command === 'AT_EnableRowSecurity') table.isEnabled = true
  if (command === 'AT_DisableRowSecurity') table.isEnabled = false
  if (command === 'AT_ForceRowSecurity') table.isForced = true
  if (command === 'AT_NoForceRowSecurity') table.isForced = false
}

function drop(made: Map<string, NewTable>, kind: string | null, object: SyntaxNode): void {
  const parts = readNameParts(readNodes(readNode(object, 'List'), 'items'))
  if (kind === 'OBJECT_TABLE') made.delete(qualify(parts))
  // The name of a policy stands behind that of its table.
  if (kind === 'OBJECT_POLICY') made.get(qualify(parts.slice(0, -1)))?.policies.delete(parts.at(-1) ?? '')
}

/** Qualified and not quoted: as patterns name it. */
function nameOf(relation: SyntaxNode): string {
  const schema = readText(relation, 'schemaname')
  return qualify([...(schema === null ? [] : [schema]), readText(relation, 'relname') ?? ''])
}

function qualify(parts: readonly string[]): string {
  return parts.length === 1 ? `public.${parts[0]}` : parts.slice(-2).join('.')
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
