import type { PlannedStep } from '../../../../shared/plan/plan.ts'
import type { LintSettings } from '../../../settings/policy.ts'
import { parseWaiver } from '../statements/parse-waiver.ts'

/** The rule that is kept while a migration runs, too: rows that a policy hides are neither read nor written around. */
export const hiddenRowsRule = 'rows_hidden_by_policy'

/** Says whether a revision may break a rule: by a comment in its file with a reason, or by the configuration. */
export function acceptsRule(
  rule: string,
  { revision, directives = [] }: Pick<PlannedStep, 'revision' | 'directives'>,
  { disable, waivers }: Pick<LintSettings, 'disable' | 'waivers'>,
): boolean {
  const isInline = directives
    .map(({ text, line }) => parseWaiver(text, line))
    .some(waiver => waiver.rule === rule && waiver.reason.length >= 3)
  return (
    isInline ||
    disable.some(one => one.rule === rule) ||
    waivers.some(one => one.rule === rule && (one.revision ?? revision) === revision)
  )
}
