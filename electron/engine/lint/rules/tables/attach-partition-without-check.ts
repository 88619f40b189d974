import { readNode } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a table is read from end to end to become a partition. */
export const attachPartitionWithoutCheck: LintRule = {
  name: 'attach_partition_without_check',
  title: 'Prove the bounds before attaching a partition',
  why: 'Every row of the new partition is read while it is locked, unless a valid check proves that all are in its bounds.',
  remedy: 'Add a check with the bounds NOT VALID, validate it, attach, and drop the check.',
  example: {
    bad: 'alter table events attach partition orders for values from (1) to (100)',
    good: 'create table events_2 (id bigint);\nalter table events attach partition events_2 for values from (1) to (100)',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, definition }) => {
      const partition = readRelation(readNode(readNode(definition, 'PartitionCmd'), 'name'))
      if (action !== 'AttachPartition' || !partition) return []
      const shapes = context.schema.shapesOf(partition.key)
      const isProven =
        shapes.length > 0 &&
        shapes.every(shape => shape.constraints.some(one => one.kind === 'c' && one.isValid))
      if (isProven) return []
      return reportFinding(context, partition, {
        message: shown => `every row of ${shown} is read to attach it to ${table.sql}`,
        objects: [table.key],
      })
    })
  },
}
