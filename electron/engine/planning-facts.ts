import type { Foresight } from '../../shared/foresight/foresight.ts'
import type { MigrationGraph } from '../../shared/migration-graph.ts'
import type { RunFact } from '../../shared/run-event.ts'

/** What was known beforehand, as far as it belongs to the story of a run: the whole of it lies beside the plan. */
export function describeForesight({ findings, classes, rehearsal, notRehearsed }: Foresight): RunFact {
  return {
    type: 'plan.foreseen',
    findings: findings.slice(0, 200),
    classes: classes.map(({ fingerprint, heads, tenants, isMain }) => ({
      fingerprint,
      heads,
      tenants,
      isMain,
    })),
    rehearsed: rehearsal !== null,
    notRehearsed,
  }
}

/** Where the revisions come from. */
export function describeSource({ source, revisions, heads, origin }: MigrationGraph): RunFact {
  const { path = null, why = null } = origin.interpreter ?? {}
  return {
    type: 'source.described',
    source,
    revisions: revisions.length,
    heads,
    volatile: { interpreter: path, why },
  }
}
