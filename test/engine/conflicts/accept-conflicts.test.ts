import { describe, expect, it } from 'vitest'
import { acceptConflicts } from '../../../electron/engine/conflicts/accept-conflicts.ts'
import type { LintSettings } from '../../../electron/settings/policy.ts'
import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import { sampleFindings } from '../../support/dashboard/sample-analysis.ts'
import { samplePlan } from '../../support/dashboard/sample-views.ts'

const [route] = samplePlan.routes
const [step] = route!.steps
const none: LintSettings = { failOn: 'error', largeTableRows: 1, disable: [], waivers: [] }
const conflict: PlanFinding = {
  ...sampleFindings[1]!,
  rule: 'missing_object',
  revision: step!.revision,
  statement: 0,
  place: { file: step!.file, line: 7 },
  waived: null,
}

function planWith(text: string, at: number) {
  const directives = [{ line: at - 1, text, at }]
  return { ...samplePlan, routes: [{ ...route!, steps: [{ ...step!, directives }] }] }
}

describe('a conflict', () => {
  it('is accepted by a comment with a reason at its own statement, and by no other', () => {
    const accept = (text: string, at: number) =>
      acceptConflicts([conflict], planWith(text, at), none).map(one => one.waived)
    expect(accept('allow missing_object: made by hand last week', 7)).toEqual([
      { by: 'inline', reason: 'made by hand last week' },
    ])
    expect(accept('allow missing_object: made by hand last week', 9)).toEqual([null])
    expect(accept('allow missing_object', 7)).toEqual([null])
    expect(accept('allow already_exists: made by hand last week', 7)).toEqual([null])
  })

  it('is accepted by the policy for its revision, and gone where its rule is switched off', () => {
    const waiver = { rule: 'missing_object', revision: step!.revision, reason: 'known' }
    const accepted = acceptConflicts([conflict], samplePlan, { ...none, waivers: [waiver] })
    expect(accepted[0]?.waived).toEqual({ by: 'policy', reason: 'known' })
    const elsewhere = { ...waiver, revision: 'another' }
    expect(acceptConflicts([conflict], samplePlan, { ...none, waivers: [elsewhere] })[0]?.waived).toBeNull()
    const disable = [{ rule: 'missing_object', reason: 'we look ourselves' }]
    expect(acceptConflicts([conflict], samplePlan, { ...none, disable })).toEqual([])
  })
})
