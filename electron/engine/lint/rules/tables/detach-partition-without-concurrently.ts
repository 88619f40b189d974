import { readNode } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'
import { joinSteps, withoutTransaction } from '../../tree/safer-sql.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when detaching a partition locks the whole table. */
export const detachPartitionWithoutConcurrently: LintRule = {
  name: 'detach_partition_without_concurrently',
  title: 'Detach partitions concurrently',
  why: 'The partitioned table is locked against reads and writes while the statement waits and runs.',
  remedy: 'Use CONCURRENTLY, in a revision of its own that runs outside a transaction.',
  example: {
    bad: 'alter table orders detach partition orders_2020',
    good: 'alter table orders detach partition orders_2020 concurrently',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, definition }) => {
      const command = readNode(definition, 'PartitionCmd')
      const partition = readRelation(readNode(command, 'name'))
      if (action !== 'DetachPartition' || command.concurrent === true || !partition) return []
      return reportFinding(context, table, {
        message: shown => `detaching ${partition.sql} locks ${shown} against reads and writes`,
        objects: [partition.key],
        saferSql: joinSteps(
          withoutTransaction,
          `alter table ${table.sql} detach partition ${partition.sql} concurrently`,
        ),
      })
    })
  },
}
