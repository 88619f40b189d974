import { readNode, readNodes, readText, type SyntaxNode, walkTree } from '../../../../sql/syntax-node.ts'
import { hiddenRowsRule } from '../../rule/accepts-rule.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { type Relation, readRelation } from '../../tree/relation.ts'

/** Fires when a statement reads or writes rows of which a policy may show the migrating role only some. */
export const rowsHiddenByPolicy: LintRule = {
  name: hiddenRowsRule,
  title: 'Let a migration see every row',
  why: 'A policy holds for the role that migrates, too: rows of other tenants are passed over in silence, and a backfill or a copy is left incomplete. While the migration runs, the server is told to refuse that.',
  remedy:
    'Migrate with a role that has BYPASSRLS, or take the force away for the time: alter table ... no force row level security before, and force it again afterwards. Where the policy is meant to choose the rows, accept this with the reason.',
  example: {
    bad: "alter table notes enable row level security, force row level security;\nupdate notes set body = ''",
    good: "alter table notes no force row level security;\nupdate notes set body = '' where id < 100;\nalter table notes force row level security",
  },
  checkStatement({ tree: { type, node } }, { schema, state }) {
    if (state.isOtherRole) return []
    const hiding = listRead(type, node).filter(({ key }) => schema.hidesRows(key, state.securityOf(key)))
    return [...new Map(hiding.map(table => [table.key, table])).values()].map(table => ({
      severity: 'error' as const,
      objects: [table.key],
      message: `the role that migrates sees only those rows of ${table.sql} that a policy lets through`,
    }))
  },
}

const targets = new Map([
  ['UpdateStmt', false],
  ['DeleteStmt', false],
  ['MergeStmt', false],
  ['SelectStmt', false],
  ['CopyStmt', false],
  ['InsertStmt', true],
  ['CreateTableAsStmt', true],
])

/** The tables whose rows a statement reads; where it only adds rows to one, a policy refuses aloud. */
function listRead(type: string, node: SyntaxNode): readonly Relation[] {
  const onlyAdds = targets.get(type)
  if (onlyAdds === undefined || (type === 'CopyStmt' && node.is_from === true)) return []
  const { relation: target, into: _into, ...rest } = node
  const own = onlyAdds ? null : readRelation(readNode(node, 'relation'))
  const named = new Set<string | null>()
  const found: Relation[] = own ? [own] : []
  for (const inside of walkTree(onlyAdds ? rest : { ...rest, target })) {
    for (const cte of readNodes(inside, 'ctes'))
      named.add(readText(readNode(cte, 'CommonTableExpr'), 'ctename'))
    const written = ['UpdateStmt', 'DeleteStmt', 'MergeStmt'].map(kind =>
      readNode(readNode(inside, kind), 'relation'),
    )
    found.push(...[readNode(inside, 'RangeVar'), ...written].flatMap(one => readRelation(one) ?? []))
  }
  return found.filter(({ name, schema }) => schema !== null || !named.has(name))
}
