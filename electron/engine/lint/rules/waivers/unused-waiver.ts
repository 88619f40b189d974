import type { LintRule, RuleFinding } from '../../rule/lint-rule.ts'

/** Fires when a waiver accepts nothing. */
export const unusedWaiver: LintRule = {
  name: 'unused_waiver',
  title: 'Remove waivers that accept nothing',
  why: 'It stands there as if something were wrong, and would hide the next finding of its rule.',
  remedy: 'Remove it, or put it on the line before its statement.',
  example: {
    bad: '-- lockstep: allow drop_column: nobody reads it\nalter table orders add column region text',
    good: '-- lockstep: allow drop_column: nobody reads it\nalter table orders drop column note',
  },
  checkWaivers(waivers, rules) {
    return waivers.flatMap((waiver): readonly RuleFinding[] => {
      if (waiver.isUsed || waiver.reason.length < 3 || !rules.includes(waiver.rule)) return []
      const message = `nothing here breaks ${waiver.rule}`
      return [{ severity: 'note', objects: [], message, line: waiver.line }]
    })
  },
}
