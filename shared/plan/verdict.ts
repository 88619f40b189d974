/** How a gate answered; only the last four open the way. */
export type Verdict = 'failed' | 'inconclusive' | 'passed' | 'warned' | 'not_applicable' | 'waived'

/** The built-in gates, in the order in which they are judged and shown. */
export const gateNames = [
  'revision_graph',
  'conflicts',
  'drift',
  'lint',
  'lock_budget',
  'rewrite',
  'expected_fingerprint',
  'reversible',
  'replay_conflict',
  'capacity',
  'isolation_level',
  'replica_lag',
  'foreign_keys',
  'blocking_queries',
  'tenant_isolation',
] as const

export type GateName = (typeof gateNames)[number]

/** One fact behind a verdict, and where it was seen. */
export interface Evidence {
  readonly tenant?: string
  readonly server?: string
  /** The fact in words, with its numbers and units. */
  readonly fact: string
}

/**
 * What a gate says: a verdict, and everything a person needs to act on it.
 *
 * @example
 * { verdict: 'failed', value: '2 orphan rows', threshold: '0 orphan rows',
 *   evidence: [{ tenant: 'birch', fact: 'orders.customer_id -> customers: 2 rows without a parent' }],
 *   remedy: 'Delete or repair the rows, then validate the constraint.' }
 */
export interface GateAnswer {
  readonly verdict: Verdict
  readonly value: string
  readonly threshold: string
  readonly evidence: readonly Evidence[]
  /** What to do about it; empty when there is nothing to do. */
  readonly remedy: string
}

/** A verdict as people say it. */
export function describeVerdict(verdict: Verdict): string {
  return verdict === 'inconclusive' ? 'could not be judged' : verdict.replaceAll('_', ' ')
}

/** How much a verdict weighs beside what lint and conflicts find: what stops a run is an error; null where there is nothing to look at. */
export function weighVerdict(verdict: Verdict): 'error' | 'warning' | null {
  if (!allowsRun(verdict)) return 'error'
  return verdict === 'warned' ? 'warning' : null
}

/** Says whether a verdict lets the run go on. */
export function allowsRun(verdict: Verdict): boolean {
  return verdict === 'passed' || verdict === 'warned' || verdict === 'not_applicable' || verdict === 'waived'
}

const severity: readonly Verdict[] = [
  'not_applicable',
  'waived',
  'passed',
  'warned',
  'inconclusive',
  'failed',
]

/** The verdict of several, which is the worst of them. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (worst, next) => (severity.indexOf(next) > severity.indexOf(worst) ? next : worst),
    'not_applicable',
  )
}
