import { quoteName } from '../../../../shared/sql/quote-name.ts'
import { readNameParts, readNode, readNodes, readText, type SyntaxNode } from '../../../sql/syntax-node.ts'
import { type Relation, readRelation } from './relation.ts'

/** A constraint of a table or column, or what the grammar counts among them. */
export interface Constraint {
  readonly kind: string
  readonly name: string | null
  readonly columns: readonly string[]
  /** False when it is added `not valid`, or not enforced. */
  readonly scans: boolean
  /** The index that it is made of; null when it makes its own. */
  readonly indexName: string | null
  readonly references: Relation | null
  /** What follows `references`, as it is written; empty for any other constraint. */
  readonly referencesSql: string
  /** The condition, default or generating expression. */
  readonly expression: SyntaxNode
  /** True for a generated column whose values are stored. */
  readonly isStored: boolean
}

/** Reads a `Constraint` node; kinds are those of the grammar in lower case, such as `foreign`. */
export function readConstraint(node: SyntaxNode): Constraint {
  const kind = (readText(node, 'contype') ?? '').replace('CONSTR_', '').toLowerCase()
  const keys = readNameParts(readNodes(node, kind === 'foreign' ? 'fk_attrs' : 'keys'))
  return {
    kind,
    name: readText(node, 'conname'),
    columns: keys,
    scans: node.skip_validation !== true,
    indexName: readText(node, 'indexname'),
    references: readRelation(readNode(node, 'pktable')),
    referencesSql: describeReference(node),
    expression: readNode(node, 'raw_expr'),
    isStored: node.generated_kind === 's',
  }
}

function describeReference(node: SyntaxNode): string {
  const parent = readRelation(readNode(node, 'pktable'))
  if (!parent) return ''
  const columns = readNameParts(readNodes(node, 'pk_attrs')).map(quoteName).join(', ')
  const actions = [
    { event: 'on update', action: actionWords.get(readText(node, 'fk_upd_action') ?? '') },
    { event: 'on delete', action: actionWords.get(readText(node, 'fk_del_action') ?? '') },
  ].flatMap(({ event, action }) => (action === undefined ? [] : [`${event} ${action}`]))
  return [columns === '' ? parent.sql : `${parent.sql} (${columns})`, ...actions].join(' ')
}

const actionWords: ReadonlyMap<string, string> = new Map([
  ['r', 'restrict'],
  ['c', 'cascade'],
  ['n', 'set null'],
  ['d', 'set default'],
])
