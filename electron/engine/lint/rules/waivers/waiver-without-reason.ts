import type { LintRule, RuleFinding } from '../../rule/lint-rule.ts'

/** Fires when a waiver does not say why. */
export const waiverWithoutReason: LintRule = {
  name: 'waiver_without_reason',
  title: 'Say why a finding is accepted',
  why: 'A year later it is not known whether it still holds; a waiver without a reason counts for nothing.',
  remedy: 'Write `lockstep: allow RULE: why`.',
  example: {
    bad: '-- lockstep: allow drop_column\nalter table orders drop column note',
    good: '-- lockstep: allow drop_column: unused since the spring release\nalter table orders drop column note',
  },
  checkWaivers(waivers) {
    return waivers.flatMap((waiver): readonly RuleFinding[] => {
      if (waiver.reason.length >= 3) return []
      const message = `the waiver of ${waiver.rule} gives no reason`
      return [{ severity: 'error', objects: [], message, line: waiver.line }]
    })
  },
}
