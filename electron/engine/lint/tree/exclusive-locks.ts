import { readNode, readNodes, readText } from '../../../sql/syntax-node.ts'
import type { LintStatement } from '../statements/lint-statement.ts'
import { type Relation, readListedRelation, readRelation, readRelations } from './relation.ts'
import { hasOption } from './statement-options.ts'
import { readTableCommands } from './table-commands.ts'

/** Tables on which a statement takes `AccessExclusiveLock`, so that not even readers get past. */
export function findExclusiveLocks(statement: LintStatement): readonly Relation[] {
  const { type, node } = statement.tree
  const own = () => readRelation(readNode(node, 'relation'))
  switch (type) {
    case 'AlterTableStmt': {
      const commands = readTableCommands(statement)
      const strong = commands.find(command => !weakActions.has(command.action))
      return strong ? [strong.table] : []
    }
    case 'RenameStmt':
      return renamesTable.has(readText(node, 'renameType')) ? listOne(own()) : []
    case 'DropStmt':
      return readDropped(statement)
    case 'TruncateStmt':
      return readRelations(node, 'relations')
    case 'LockStmt':
      return node.mode === accessExclusive || node.mode === undefined ? readRelations(node, 'relations') : []
    case 'ClusterStmt':
    case 'RuleStmt':
      return listOne(own())
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      return listOne(readRelation(readNode(node, 'table')))
    case 'RefreshMatViewStmt':
      return node.concurrent === true ? [] : listOne(own())
    case 'VacuumStmt':
      return hasOption(node, 'full')
        ? readNodes(node, 'rels').flatMap(
            item => readRelation(readNode(readNode(item, 'VacuumRelation'), 'relation')) ?? [],
          )
        : []
    default:
      return []
  }
}

const accessExclusive = 8

/** Changes of a table that leave its readers alone. */
const weakActions: ReadonlySet<string> = new Set([
  'ValidateConstraint',
  'SetStatistics',
  'SetOptions',
  'ResetOptions',
  'ClusterOn',
  'DropCluster',
  'AttachPartition',
  'EnableTrig',
  'EnableAlwaysTrig',
  'EnableReplicaTrig',
  'DisableTrig',
  'EnableTrigAll',
  'DisableTrigAll',
  'EnableTrigUser',
  'DisableTrigUser',
  'SetRelOptions',
  'ResetRelOptions',
])

const renamesTable: ReadonlySet<string | null> = new Set([
  'OBJECT_TABLE',
  'OBJECT_COLUMN',
  'OBJECT_TABCONSTRAINT',
])

function readDropped({ tree: { node } }: LintStatement): readonly Relation[] {
  const kind = readText(node, 'removeType')
  const objects = readNodes(node, 'objects')
  if (kind === 'OBJECT_TABLE' || kind === 'OBJECT_MATVIEW')
    return objects.flatMap(one => readListedRelation(one) ?? [])
  if (kind !== 'OBJECT_TRIGGER' && kind !== 'OBJECT_POLICY' && kind !== 'OBJECT_RULE') return []
  return objects.flatMap(object => {
    const items = readNodes(readNode(object, 'List'), 'items').slice(0, -1)
    return readListedRelation({ List: { items } }) ?? []
  })
}

function listOne(relation: Relation | null): readonly Relation[] {
  return relation ? [relation] : []
}
