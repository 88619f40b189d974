import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { assertNever } from '../../../../../shared/text/assert-never.ts'
import { formatBytes, shortenText } from '../../../../../shared/text/plain-words.ts'
import { readNameParts, readNode, readNodes } from '../../../../sql/syntax-node.ts'
import type { UnseenCode } from '../../../ports/sql-parser.ts'
import type { LintRule, RuleFinding } from '../../rule/lint-rule.ts'
import { tooLong } from '../../statements/read-step.ts'
import { isOfServer } from '../../tree/server-functions.ts'
import { readOptionText } from '../../tree/statement-options.ts'

/** Fires when a statement runs code that cannot be read beforehand. */
export const unseenCode: LintRule = {
  name: 'unseen_code',
  title: 'Know that code is not examined',
  why: 'What a function runs, and SQL that is made while it runs, no rule sees; only a rehearsal shows what it does.',
  remedy: 'Write plain statements where you can, and rehearse the plan: lockstep plan --rehearse.',
  example: {
    bad: "do $$ begin execute 'drop table ' || current_setting('shop.table'); end $$",
    good: "do $$ begin execute 'create table public.bills (id bigint primary key)'; end $$",
  },
  checkStatement({ tree: { type, node }, unseen }) {
    if (type === tooLong) {
      const size = formatBytes(typeof node.length === 'number' ? node.length : null)
      return [{ severity: 'note', objects: [], message: `a statement of ${size} is too long to be examined` }]
    }
    if (type === 'CallStmt') {
      return describeCall(readNameParts(readNodes(readNode(node, 'funccall'), 'funcname')))
    }
    return unseen === null
      ? []
      : describeUnseen(unseen, /\bexecute\b/i.test(readOptionText(node, 'as', 'args')))
  },
}

function describeUnseen(unseen: UnseenCode, mayMakeSql: boolean): readonly RuleFinding[] {
  const severity = mayMakeSql ? 'warning' : 'note'
  switch (unseen.kind) {
    case 'language':
      return [{ severity, objects: [], message: `what the block does in ${unseen.language} is not seen` }]
    case 'unreadable':
      return [{ severity, objects: [], message: `what the block does is not seen: ${unseen.problem}` }]
    case 'computed': {
      const message = `the SQL that ${shortenText(unseen.expression, 60)} makes is not seen`
      return [{ severity: 'warning', objects: [], message }]
    }
    case 'call':
      return isOfServer(unseen.name) ? [] : describeCall(unseen.name)
    default:
      return assertNever(unseen)
  }
}

function describeCall(name: readonly string[]): readonly RuleFinding[] {
  const quoted = name.map(quoteName).join('.')
  return [{ severity: 'note', objects: [quoted], message: `what ${quoted}() does is not seen` }]
}
