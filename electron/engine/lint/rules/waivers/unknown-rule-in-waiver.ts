import { nearestKey } from '../../../../lib/nearest-key.ts'
import type { LintRule, RuleFinding } from '../../rule/lint-rule.ts'

/** Fires when a waiver names no rule. */
export const unknownRuleInWaiver: LintRule = {
  name: 'unknown_rule_in_waiver',
  title: 'Name a rule that there is',
  why: 'A waiver of a misspelt rule accepts nothing, and its writer believes that it does.',
  remedy: 'Write the name as the finding shows it; `lockstep explain` lists all.',
  example: {
    bad: '-- lockstep: allow drop_colum: nobody reads it\nalter table orders drop column note',
    good: '-- lockstep: allow drop_column: nobody reads it\nalter table orders drop column note',
  },
  checkWaivers(waivers, rules) {
    return waivers.flatMap((waiver): readonly RuleFinding[] => {
      if (rules.includes(waiver.rule)) return []
      const near = nearestKey(waiver.rule, rules)
      const hint = near === null ? '' : `; did you mean ${near}?`
      return [
        {
          severity: 'error',
          objects: [],
          message: `there is no rule ${waiver.rule}${hint}`,
          line: waiver.line,
        },
      ]
    })
  },
}
