import type { RehearsedVote, RouteRehearsal, TracedStatement } from '../../../shared/analysis/rehearsal.ts'
import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { countOf, listNames } from '../../../shared/text/plain-words.ts'
import { nameFailure } from '../checks/name-failure.ts'
import type { Catalog } from '../ports/servers.ts'
import type { Shadow } from '../ports/shadows.ts'
import type { RouteReach } from '../reach/examine-steps.ts'
import { routeHead } from '../routes/split-route.ts'
import { inspectVote } from '../voting/inspect-vote.ts'
import { explainProblem } from './explain-problem.ts'
import type { RehearsalClass } from './list-classes.ts'
import type { RehearsalContext } from './rehearsal-context.ts'
import { type ClassAtTarget, rehearseDowngrade } from './rehearse-downgrade.ts'
import type { StepRun } from './run-steps.ts'
import { runTraced } from './run-traced.ts'
import { tryVote, type VoteTrial } from './try-vote.ts'

/** What a class's route is rehearsed on. */
export interface ClassOnCopy {
  readonly member: RehearsalClass
  readonly shadow: Shadow
  /** What reading the route has shown. */
  readonly reach: Pick<RouteReach, 'obstacles' | 'hidden'>
}

/** Runs a class's route on a copy of its representative: up as far as the vote, then for good, and down and up again where that is wanted. */
export async function rehearseClass(
  context: RehearsalContext,
  { member, shadow, reach }: ClassOnCopy,
  signal: AbortSignal,
): Promise<RouteRehearsal> {
  const { ports, config, onProgress } = context
  const { route, fingerprint, representative, tenants } = member
  const base = {
    route: route.id,
    startFingerprint: fingerprint,
    representative: representative.tenant,
    tenants,
  }
  const start = await ports.servers.readCatalog(shadow.server, shadow.tenant, signal)
  const before = config.rehearsal.reverse ? await shadow.readContents(signal) : []
  onProgress(
    `${route.id}: ${countOf(route.steps.length, 'revision')} up on a copy of ${representative.tenant}`,
  )
  const startedAt = ports.clock.monotonicMs()
  const way = { from: route.from, inspect: inspectCopy(context, member, start) }
  const head = routeHead(route)
  const trial = head.length === 0 ? null : await tryVote(context, shadow, { ...way, steps: head }, signal)
  const voted = trial ? { vote: weighVote(trial, reach, shadow.description.data) } : {}
  const touched = listForeign(trial?.statements ?? [])
  // What was written to another server would be committed there.
  const isEnough = touched.length > 0 || (head.length === route.steps.length && !config.rehearsal.reverse)
  const committed =
    trial?.failure || (trial && isEnough)
      ? { failure: trial.failure, statements: trial.statements }
      : await runTraced(
          context,
          shadow,
          { ...way, inspect: inspectCopy(context, member, start), steps: route.steps },
          signal,
        )
  const { failure, statements } = committed
  const durationMs = Math.round(ports.clock.monotonicMs() - startedAt)
  if (failure !== null) {
    const told = tellFailure(context, { member, shadow }, failure, signal)
    const reversibility = { verdict: 'not_tried' as const, evidence: ['the way up failed'] }
    return { ...base, statements, endFingerprint: null, durationMs, reversibility, ...told }
  }
  // A copy that does not start as the tenants do (another major version) ends elsewhere, too.
  const isLikeTenants = start.hash === fingerprint
  if (trial && isEnough) {
    const isWhole = head.length === route.steps.length
    const evidence =
      touched.length > 0
        ? `not committed on the copy: what it does to ${listNames(touched)} would reach another server`
        : 'rehearsal.reverse is false in the configuration'
    return {
      ...base,
      statements,
      endFingerprint: isLikeTenants && isWhole ? trial.endFingerprint : null,
      durationMs,
      reversibility: { verdict: 'not_tried', evidence: [evidence] },
      problem: null,
      ...(isWhole ? {} : { notRehearsed: `what runs outside the transaction was ${evidence}` }),
      ...voted,
    }
  }
  const end = await ports.servers.fingerprint(shadow.server, shadow.tenant, signal)
  const reversibility = await judgeBack(context, { member, shadow, start, end, before, statements }, signal)
  return {
    ...base,
    statements,
    endFingerprint: isLikeTenants ? end.hash : null,
    durationMs,
    reversibility,
    problem: null,
    ...voted,
  }
}

/** Says why the upgrade failed; throws what is no matter of the migration, or reaches beyond the copy. */
function tellFailure(
  { onProgress }: RehearsalContext,
  { member: { route, representative }, shadow }: Pick<ClassOnCopy, 'member' | 'shadow'>,
  failure: Failure,
  signal: AbortSignal,
): Pick<RouteRehearsal, 'problem' | 'remedy'> {
  // No time is left, or the run was stopped: no matter of the migration.
  if (signal.aborted || failure.kind === 'reaches_beyond') throw new LockstepError(failure)
  const problem = nameFailure(failure)
  if (shadow.description.kind === 'sandbox' && namesOtherDatabase(failure)) {
    const reach = 'it names another database of the server'
    throw new LockstepError({ kind: 'reaches_beyond', tenant: representative.tenant, reach, why: problem })
  }
  const { isOwn, remedy } = explainProblem(failure, shadow.description.data !== 'schema')
  if (isOwn) throw new LockstepError(failure)
  onProgress(`${route.id}: ${problem}`)
  return { problem, remedy }
}

/** The in-transaction gates, as a run has them. */
function inspectCopy(
  { config }: RehearsalContext,
  { route, representative }: RehearsalClass,
  start: Catalog,
): NonNullable<StepRun['inspect']> {
  const fingerprints = new Map()
  return (inspection, part) => {
    if (inspection === null) return null
    return inspectVote(inspection, {
      tenant: representative.tenant,
      route,
      snapshot: { heads: route.from, fingerprint: start.hash, items: start.items },
      expectedHeads: part.at(-1)?.headsAfter ?? route.to,
      fingerprints,
      allowUnvalidated: config.execution.allowUnvalidated,
    })
  }
}

/**
 * What only rows can show is unknown where there were none to show it: on a copy of the schema alone, and where a
 * statement met no row on one that has some.
 */
function weighVote(
  { vote, statements }: Pick<VoteTrial, 'vote' | 'statements'>,
  { obstacles, hidden }: Pick<RouteReach, 'obstacles' | 'hidden'>,
  data: Shadow['description']['data'],
): RehearsedVote {
  if (obstacles.length === 0) return vote
  const evidence = [...vote.evidence, ...obstacles]
  if (vote.verdict !== 'prepared') return { ...vote, evidence }
  if (hidden.length === 0) return vote
  const metNone = statements.some(({ rowCount }) => rowCount === 0)
  const said = data === 'schema' ? noRows : metNone ? rowsTell : null
  return said === null ? vote : { verdict: 'unknown', evidence: [...evidence, said] }
}

const noRows =
  'the copy has the schema without rows, so that nothing of this need have happened: rehearsal.data: sample or full brings rows where the tenant has them'
const rowsTell =
  'on the copy a statement met no rows, so that nothing of this happened: rehearsal.data: sample or full brings rows where the tenant has them'

/** A server of our own has this tenant's database and no other. */
function namesOtherDatabase(failure: Failure): boolean {
  return 'sqlstate' in failure && failure.sqlstate === '3D000'
}

function listForeign(statements: readonly TracedStatement[]): readonly string[] {
  const tables = statements.flatMap(({ locks }) => locks).filter(({ kind }) => kind === 'f')
  return [...new Set(tables.map(({ relation }) => relation))].sort()
}

/** A rehearsal whose upgrade is known is not lost when the time is over during the downgrade. */
async function judgeBack(
  context: RehearsalContext,
  stand: ClassAtTarget,
  signal: AbortSignal,
): Promise<RouteRehearsal['reversibility']> {
  if (!context.config.rehearsal.reverse) {
    return { verdict: 'not_tried', evidence: ['rehearsal.reverse is false in the configuration'] }
  }
  try {
    return await rehearseDowngrade(context, stand, signal)
  } catch (error) {
    return { verdict: 'not_tried', evidence: [`not finished: ${nameFailure(toFailure(error))}`] }
  }
}
