import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when a trigger is added to a table in use. */
export const createTrigger: LintRule = {
  name: 'create_trigger',
  title: 'Add triggers to busy tables with care',
  why: 'Writers wait until the transaction ends, and from then on every write of every row pays for the trigger.',
  remedy: 'Add it in a revision of its own that is migrated to separately, when few write.',
  example: {
    bad: 'create trigger orders_stamp before update on orders for each row execute function stamp()',
    good: 'create table bills (id bigint);\ncreate trigger bills_stamp before update on bills for each row execute function stamp()',
  },
  checkStatement({ tree: { type, node } }, context) {
    const table = readRelation(readNode(node, 'relation'))
    const name = quoteName(readText(node, 'trigname') ?? '')
    if (type !== 'CreateTrigStmt' || !table) return []
    return reportFinding(context, table, {
      message: shown =>
        `adding the trigger ${name} blocks every write to ${shown} until the transaction ends`,
      atMost: 'warning',
    })
  },
}
