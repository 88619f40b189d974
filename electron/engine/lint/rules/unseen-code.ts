import { formatBytes } from '../../../../shared/plain-words.ts'
import { quoteName } from '../../../../shared/sql/quote-name.ts'
import { readNameParts, readNode, readNodes } from '../../../../shared/sql/syntax-node.ts'
import type { LintRule } from '../lint-rule.ts'
import { tooLong } from '../read-step.ts'
import { readOptionText } from '../tree/statement-options.ts'

/** Fires when a statement runs code that cannot be read beforehand. */
export const unseenCode: LintRule = {
  name: 'unseen_code',
  title: 'Know that code is not examined',
  why: 'What a block or a function runs is not seen by any of these rules; only a rehearsal shows it.',
  remedy: 'Write plain statements where you can, and rehearse the plan: lockstep plan --rehearse.',
  example: {
    bad: "do $$ begin execute 'drop table orders'; end $$",
    good: 'create function stamp() returns trigger language plpgsql as $$ begin return new; end $$',
  },
  checkStatement({ tree: { type, node } }) {
    if (type === tooLong) {
      const size = formatBytes(typeof node.length === 'number' ? node.length : null)
      return [{ severity: 'note', objects: [], message: `a statement of ${size} is too long to be examined` }]
    }
    if (type === 'CallStmt') {
      const name = readNameParts(readNodes(readNode(node, 'funccall'), 'funcname'))
        .map(quoteName)
        .join('.')
      return [{ severity: 'note', objects: [name], message: `what ${name}() does is not seen` }]
    }
    if (type !== 'DoStmt') return []
    const isDynamic = /\bexecute\b/i.test(readOptionText(node, 'as', 'args'))
    const message = isDynamic
      ? 'the block makes SQL while it runs, which is not seen'
      : 'what the block does is not seen'
    return [{ severity: isDynamic ? 'warning' : 'note', objects: [], message }]
  },
}
