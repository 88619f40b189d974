import { describeFailure } from '../../shared/failure/describe-failure.ts'
import { listMigrating } from '../../shared/plan/plan-selectors.ts'
import type { GateAnswer, Verdict } from '../../shared/plan/verdict.ts'
import type { PhaseStatus, RunFact, Volatile } from '../../shared/run/run-event.ts'
import { describeWay } from '../../shared/server/server-way.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import {
  countOf,
  formatBytes,
  formatDuration,
  formatHeads,
  listNames,
  toOneLine,
} from '../../shared/text/plain-words.ts'
import { readVolatileNumber, readVolatileText } from '../../shared/text/volatile.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'
import { describeTenantEvent } from './describe-tenant-event.ts'

/** Says in one line of plain text what happened. */
export function describeEvent(fact: RunFact): string {
  return toOneLine(describeFact(fact))
}

/** A phase's name as people say it. */
export function describePhase(phase: string): string {
  return phase.replaceAll('_', ' ')
}

/** A verdict as people say it. */
export function describeVerdict(verdict: Verdict): string {
  return verdict === 'inconclusive' ? 'could not be judged' : verdict.replaceAll('_', ' ')
}

/** How a phase ended, as people say it. */
export function describeStatus(status: PhaseStatus): string {
  return status === 'success' ? 'done' : status
}

function describeFact(fact: RunFact): string {
  switch (fact.type) {
    case 'run.started':
      return `${fact.intent.verb === 'rollback' ? 'rollback' : 'run'} of ${fact.project} started with Lockstep ${fact.toolVersion}${describeIntent(fact.intent)}`
    case 'phase.started':
      return `${describePhase(fact.phase)}${ofGroup(fact.group)} started`
    case 'phase.finished':
      return `${describePhase(fact.phase)}${ofGroup(fact.group)} ${describeStatus(fact.status)}: ${fact.message}${lasting(fact)}`
    case 'server.observed':
      return describeObservation(fact.observation)
    case 'tenants.discovered':
      return `${countOf(fact.tenants.length, 'tenant')} found: ${listNames(fact.tenants.map(tenant => tenant.name))}`
    case 'source.described':
      return `${fact.source === 'alembic' ? 'Alembic project' : 'folder of SQL files'} with ${countOf(fact.revisions, 'revision')}, head ${formatHeads(fact.heads)}`
    case 'lock.acquired':
      return `lock of cluster ${fact.cluster} acquired`
    case 'plan.made':
      return `plan ${fact.plan.planId.slice(0, 12)} made: ${countOf(fact.plan.groups.length, 'group')}, ${countOf(countTenants(fact.plan), 'tenant')} to migrate to ${formatHeads(fact.plan.target)}`
    case 'plan.foreseen':
      return `foreseen: ${countOf(fact.findings.length, 'finding')}, ${countOf(fact.classes.length, 'class', 'classes')} of schemas, ${fact.rehearsed ? 'rehearsed' : `not rehearsed: ${fact.notRehearsed}`}`
    case 'gate.started':
      return `gate ${fact.gate} is being judged`
    case 'gate.judged':
      return `gate ${fact.gate} ${describeAnswer(fact.answer)}`
    case 'approval.recorded':
      return `plan ${fact.planId.slice(0, 12)} approved ${describeApproval(fact.how)}${by(fact)}`
    case 'rollback.proposed':
      return `rollback of run ${fact.proposal.runId} proposed for ${countOf(fact.proposal.tenants.length, 'tenant')}: ${describeWays(fact.proposal)}`
    case 'group.started':
      return `group ${fact.group} started: ${countOf(fact.tenants.length, 'tenant')}, ${fact.mode}`
    case 'group.decided':
      return fact.decision === 'commit'
        ? `group ${fact.group} decided to commit`
        : `group ${fact.group} decided to roll back${fact.failure ? `: ${describeFailure(fact.failure).what}` : ''}`
    case 'group.finished':
      return `group ${fact.group} ${fact.result.replaceAll('_', ' ')}${held(fact)}`
    case 'snapshot.taken':
    case 'snapshot.copying':
    case 'writes.noted':
    case 'tenant.restoring':
    case 'tenant.started':
    case 'statement.executed':
    case 'revision.applied':
    case 'tenant.voting':
    case 'tenant.voted':
    case 'tenant.committed':
    case 'tenant.rolled_back':
    case 'tenant.unsettled':
    case 'tenant.retried':
    case 'fingerprints.compared':
    case 'rollback.proven':
    case 'recovery.settled':
      return describeTenantEvent(fact)
    case 'standby.checked':
      if (fact.caughtUp && fact.promise === 'delayed')
        return `server ${fact.server} has received group ${fact.group} and replays it late, as declared${waited(fact)}`
      if (fact.caughtUp && fact.promise === 'archive')
        return `server ${fact.server} takes its WAL from an archive, as declared: nobody waited for it to replay group ${fact.group}`
      return fact.caughtUp
        ? `server ${fact.server} has replayed group ${fact.group}${waited(fact)}`
        : `server ${fact.server} has not replayed group ${fact.group}: ${fact.failure ? describeFailure(fact.failure).why : 'the deadline passed'}`
    case 'lag.sampled':
      return `lag of server ${fact.server}: ${formatBytes(readVolatileNumber(fact.volatile, 'lagBytes'))}`
    case 'smoke.judged':
      return `smoke test ${fact.test} of group ${fact.group} ${describeAnswer(fact.answer)}`
    case 'hook.judged':
      return `hook ${fact.hook} ${fact.moment} ${fact.phase.replaceAll('_', ' ')}${ofGroup(fact.group)}${fact.tenant === null ? '' : ` for tenant ${fact.tenant}`} ${describeAnswer(fact.answer)}`
    case 'run.interrupted':
      return `${fact.signal === 'abort' ? 'aborted by a person' : `interrupted by ${fact.signal}`}: nothing new begins, what has begun is settled`
    case 'run.pausing':
      return `a pause was asked for${by(fact)}: it begins where nothing is prepared`
    case 'run.paused':
      return `paused before ${fact.before}`
    case 'run.resumed':
      return `resumed${by(fact)}`
    case 'recovery.started':
      return 'recovery started'
    case 'log.repaired':
      return describeRepair(fact)
    case 'run.finished':
      return `run finished: ${fact.outcome.replaceAll('_', ' ')} (exit code ${fact.exitCode})${fact.failure ? `. ${describeFailure(fact.failure).what}` : ''}`
    default:
      return assertNever(fact)
  }
}

function describeWays({ tenants }: Extract<RunFact, { type: 'rollback.proposed' }>['proposal']): string {
  const ways = ['downgrade', 'snapshot', 'none'] as const
  const counts = ways.map(way => [way, tenants.filter(one => one.way === way).length] as const)
  const named = counts.filter(([, number]) => number > 0).map(([way, number]) => `${number} by ${way}`)
  return named.join(', ') || 'nobody'
}

function describeIntent(intent: {
  readonly target: readonly string[]
  readonly tenants: readonly string[]
  readonly undoes?: string
}): string {
  const target = intent.target.length > 0 ? `, to ${listNames(intent.target)}` : ''
  const tenants = intent.tenants.length > 0 ? `, tenants ${listNames(intent.tenants)}` : ''
  const undoes = intent.undoes === undefined ? '' : `, to undo run ${intent.undoes}`
  return target + tenants + undoes
}

function describeObservation(observation: ServerObservation): string {
  const { server, declaredRole, role, way, replication, failure, version } = observation
  if (role === 'unreachable') {
    return `server ${server} (${declaredRole}) cannot be reached${failure ? `: ${describeFailure(failure).why}` : ''}`
  }
  const surprise = role === declaredRole ? '' : ` but declared as ${declaredRole}`
  const major = version === null ? '' : `, PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`
  const lag = replication
    ? `, ${replication.receiver ?? 'not receiving'}, lag ${formatBytes(replication.lagBytes)}`
    : ''
  const via = way === undefined || way === 'direct' ? '' : `, by ${describeWay(way)}`
  return `server ${server} is ${role}${surprise}${major}${via}${lag}`
}

function describeAnswer(answer: GateAnswer): string {
  const measured = answer.value ? `: ${answer.value}` : ''
  const threshold = answer.threshold ? ` (limit: ${answer.threshold})` : ''
  return `${describeVerdict(answer.verdict)}${measured}${threshold}`
}

function describeApproval(how: 'flag' | 'prompt' | 'named' | 'api'): string {
  switch (how) {
    case 'flag':
      return 'in advance'
    case 'prompt':
      return 'at the terminal'
    case 'named':
      return 'by its id'
    case 'api':
      return 'by the caller'
    default:
      return assertNever(how)
  }
}

function countTenants(plan: Extract<RunFact, { type: 'plan.made' }>['plan']): number {
  return listMigrating(plan).length
}

function ofGroup(group: string | null): string {
  return group === null ? '' : ` of group ${group}`
}

function lasting(fact: Extract<RunFact, { type: 'phase.finished' }>): string {
  const duration = readVolatileNumber(fact.volatile, 'durationMs')
  return duration === null ? '' : ` (${formatDuration(duration)})`
}

function held(fact: Extract<RunFact, { type: 'group.finished' }>): string {
  const duration = readVolatileNumber(fact.volatile, 'windowMs')
  return duration === null ? '' : `, votes held for ${formatDuration(duration)}`
}

function waited(fact: Extract<RunFact, { type: 'standby.checked' }>): string {
  const duration = readVolatileNumber(fact.volatile, 'waitedMs')
  return duration === null ? '' : `, waited ${formatDuration(duration)}`
}

function by(fact: { readonly volatile: Volatile }): string {
  const name = readVolatileText(fact.volatile, 'by')
  return name === null ? '' : ` by ${name}`
}

function describeRepair({ volatile }: Extract<RunFact, { readonly type: 'log.repaired' }>): string {
  const damage = readVolatileText(volatile, 'damage')
  if (damage === null) return 'the log was cut off in its last line; what was whole is kept'
  const keptAs = readVolatileText(volatile, 'keptAs')
  return `the log was damaged (${damage})${keptAs === null ? '' : `; what follows is set aside as ${keptAs}`}`
}
