import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a revision cannot be examined at all. */
export const unseenRevision: LintRule = {
  name: 'unseen_revision',
  title: 'Rehearse what cannot be shown beforehand',
  why: 'A revision that reads the database while it runs has statements that were not checked.',
  remedy: 'Rehearse the plan: lockstep plan --rehearse examines the statements that really ran.',
  example: {
    bad: '-- a revision whose statements cannot be shown',
    good: 'alter table orders add column region text',
  },
  checkStep({ step, wasTraced }) {
    if (step.unrendered === '' || wasTraced) return []
    const message = `revision ${step.revision} was not examined: ${step.unrendered}`
    return [{ severity: 'note', objects: [], message }]
  },
}
