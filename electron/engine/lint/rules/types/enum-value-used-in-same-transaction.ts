import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import {
  readNameParts,
  readNode,
  readNodes,
  readText,
  type SyntaxNode,
  walkTree,
} from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a new value of an enum is used before it is committed. */
export const enumValueUsedInSameTransaction: LintRule = {
  name: 'enum_value_used_in_same_transaction',
  title: 'Use a new enum value in a later migration',
  why: 'The server refuses a value that the same transaction added to the enum: "unsafe use of new value".',
  remedy: 'Add the value now, and use it in a migration that begins after this one is through.',
  example: {
    bad: "alter type status add value 'lost';\nupdate orders set status = 'lost'::status where id = 1",
    good: "alter type status add value 'lost'",
  },
  checkStatement({ tree }, { state }) {
    const { enumValues } = state.transaction
    if (enumValues.size === 0 || tree.type === 'AlterEnumStmt') return []
    for (const node of walkTree({ root: tree.node })) {
      const cast = readCast(node)
      if (cast !== null && enumValues.get(cast.value) === cast.type) {
        const message = `'${cast.value}' is used in the transaction that adds it to ${quoteName(cast.type)}`
        return [{ severity: 'error', objects: [cast.type], message }]
      }
      const value = readText(readNode(readNode(node, 'A_Const'), 'sval'), 'sval')
      const type = value === null ? undefined : enumValues.get(value)
      if (type === undefined || 'typeName' in node) continue
      const message = `'${value}' may be the value that the same transaction adds to ${quoteName(type)}`
      return [{ severity: 'warning', objects: [type], message }]
    }
    return []
  },
}

function readCast(node: SyntaxNode): { readonly value: string; readonly type: string } | null {
  const cast = readNode(node, 'TypeCast')
  const value = readText(readNode(readNode(readNode(cast, 'arg'), 'A_Const'), 'sval'), 'sval')
  const type = readNameParts(readNodes(readNode(cast, 'typeName'), 'names')).at(-1)
  return value === null || type === undefined ? null : { value, type }
}
