import { z } from 'zod'
import { specifyGate } from './gate-spec.ts'

/** Gates about the plan: revisions, findings, rehearsal, drift. */
export const planGates = {
  revision_graph: specifyGate({
    title: 'Revisions lead to the target',
    why: 'A tenant on an unknown revision, or a tree with two ends, has no single way to the target.',
    remedy:
      'Merge the heads, bring back the missing revision, or name a target: lockstep plan --target REVISION',
    momentary: false,
    // A tenant without a way to the target cannot be migrated, even where that is accepted.
    waivable: false,
    settings: null,
  }),

  conflicts: specifyGate({
    title: 'Revisions and tenants fit together',
    why: 'What is missing in one tenant, or there already, fails in the middle of a run and takes the whole group back.',
    remedy:
      'Rename one of the two, order the branches by a merge, or bring the tenants that differ to one form.',
    momentary: false,
    settings: null,
  }),

  drift: specifyGate({
    title: 'Tenants have the same schema',
    why: 'A tenant that was changed by hand may refuse the migration, or end in a schema that was never tested.',
    remedy:
      'Bring the tenant back to the form of the others, or put it under drift.quarantine with a reason.',
    momentary: false,
    furtherSettings: ['drift.'],
    settings: null,
  }),

  lint: specifyGate({
    title: 'No statement is known to go wrong',
    why: 'Most outages by migrations come from a few dozen statements that are well known, and have a safer form.',
    remedy: 'Take the safer SQL that the finding shows, or accept the finding with a reason.',
    // Sizes of tables are estimates of the moment.
    momentary: true,
    furtherSettings: ['lint.'],
    settings: null,
  }),

  expected_fingerprint: specifyGate({
    title: 'The result is known',
    why: 'A tenant that does not end in the schema of its copy has met something that was not rehearsed.',
    remedy: 'Look at what the tenant has that its copy had not, and rehearse again: lockstep plan --rehearse',
    momentary: false,
    furtherSettings: ['rehearsal.'],
    settings: null,
  }),

  reversible: specifyGate({
    title: 'The effect of a rollback is known',
    why: 'What a rollback loses has to be known before it is needed.',
    remedy: 'Write the downgrade, or take a copy of the data first: snapshots.data.',
    momentary: false,
    furtherSettings: ['rehearsal.reverse', 'snapshots.data'],
    settings: z
      .strictObject({
        require: z
          .enum(['none', 'lossless'])
          .default('none')
          .describe(
            'none: it is only reported; lossless: a plan that could not be undone without loss is stopped.',
          ),
      })
      .prefault({})
      .describe('Whether a plan may run that cannot be undone without loss.'),
  }),
}
