import type { Failure } from '../../../shared/failure/failure.ts'
import type { MigrationRoute } from '../../../shared/plan/plan.ts'
import { isValid } from '../../catalog/catalog-item.ts'
import type { ExecutionContext, Snapshot } from '../context/run-context.ts'
import type { Inspection } from '../ports/inspection.ts'
import { sameHeads } from '../routes/same-heads.ts'

/** Fingerprints that classes must end in: what the rehearsal showed, else what the first voter of a class ended in. */
export type ExpectedFingerprints = Map<string, ExpectedFingerprint>

export interface ExpectedFingerprint {
  /** Who ended in it: the first voter, or the tenant whose copy was migrated. */
  readonly tenant: string
  readonly fingerprint: string
  readonly isRehearsed?: true
}

/** The fingerprints that a rehearsal lets a real run end in; none for a route that was not rehearsed to its end. */
export function expectRehearsed({
  rehearsal,
  plan,
}: Pick<ExecutionContext, 'rehearsal' | 'plan'>): ExpectedFingerprints {
  const expected: ExpectedFingerprints = new Map()
  for (const { route, startFingerprint, endFingerprint, representative } of rehearsal?.routes ?? []) {
    const planned = plan.routes.find(candidate => candidate.id === route)
    if (!planned || endFingerprint === null) continue
    expected.set(keyOf(planned, planned.to, startFingerprint), {
      tenant: representative,
      fingerprint: endFingerprint,
      isRehearsed: true,
    })
  }
  return expected
}

/** A class at one point of its route. */
function keyOf(
  route: MigrationRoute,
  heads: readonly string[],
  startFingerprint: string | undefined,
): string {
  return [route.id, [...heads].sort().join('+'), startFingerprint].join('/')
}

/** What an in-transaction inspection is held against. */
export interface VoteExpectation {
  readonly tenant: string
  readonly route: MigrationRoute
  readonly snapshot: Snapshot | undefined
  readonly expectedHeads: readonly string[]
  readonly fingerprints: ExpectedFingerprints
  readonly allowUnvalidated: boolean
  /** The fingerprint that it has to be; null where any is right that its class ends in. */
  readonly mustEndIn?: string | null
}

/** The in-transaction gates: says why a tenant must not vote yes, or null. */
export function inspectVote(inspection: Inspection, expectation: VoteExpectation): Failure | null {
  const { tenant, expectedHeads, snapshot } = expectation
  const refuse = (problem: string, evidence: readonly string[]): Failure => ({
    kind: 'inspection_failed',
    tenant,
    problem,
    evidence,
  })
  if (!sameHeads(inspection.heads, expectedHeads)) {
    return refuse('the version table does not hold the target', [
      `expected ${expectedHeads.join(', ')}`,
      `found ${inspection.heads.join(', ') || 'nothing'}`,
    ])
  }
  const { mustEndIn = null } = expectation
  if (mustEndIn !== null && mustEndIn !== inspection.fingerprint) {
    return refuse('the tenant does not end in the schema that it has to return to', [
      `expected ${mustEndIn.slice(0, 12)}`,
      `found ${inspection.fingerprint.slice(0, 12)}`,
    ])
  }
  const brokenBefore = new Set(snapshot ? invalidBefore(snapshot) : [])
  const invalid = inspection.invalidIndexes.filter(name => !brokenBefore.has(name))
  if (invalid.length > 0) return refuse('the migration leaves an index that is not valid', invalid)
  const unvalidated = inspection.unvalidatedConstraints.filter(name => !brokenBefore.has(name))
  if (unvalidated.length > 0 && !expectation.allowUnvalidated) {
    return refuse('the migration leaves a constraint that is not validated', unvalidated)
  }
  return compareWithClass(inspection, expectation, refuse)
}

function compareWithClass(
  inspection: Inspection,
  { tenant, route, snapshot, expectedHeads, fingerprints }: VoteExpectation,
  refuse: (problem: string, evidence: readonly string[]) => Failure,
): Failure | null {
  const key = keyOf(route, expectedHeads, snapshot?.fingerprint)
  const expected = fingerprints.get(key)
  if (!expected) {
    fingerprints.set(key, { tenant, fingerprint: inspection.fingerprint })
    return null
  }
  if (expected.fingerprint === inspection.fingerprint) return null
  const [problem, whose] = expected.isRehearsed
    ? ['the tenant ends in another schema than the rehearsal did', `the copy of ${expected.tenant}`]
    : ['the tenant ends in another schema than one that started equal', expected.tenant]
  return refuse(problem, [
    `${whose} ends in ${expected.fingerprint.slice(0, 12)}`,
    `${tenant} ends in ${inspection.fingerprint.slice(0, 12)}`,
  ])
}

/** Indexes and constraints that were invalid before: not this migration's doing, and `foreign_keys` has judged them. */
function invalidBefore(snapshot: Snapshot): readonly string[] {
  return snapshot.items.filter(item => !isValid(item)).map(item => item.ident)
}
