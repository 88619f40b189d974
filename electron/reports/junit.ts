import type { PlanFinding } from '../../shared/analysis/finding.ts'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import type { GateAnswer } from '../../shared/plan/verdict.ts'
import { describeOutcome } from '../../shared/run/describe-outcome.ts'
import type {
  ComparisonState,
  HookState,
  RunState,
  StandbyView,
  TenantState,
} from '../../shared/run/run-state.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { millisecondsBetween } from '../../shared/text/milliseconds-between.ts'
import { formatHeads, toOneLine } from '../../shared/text/plain-words.ts'
import { type CiSubject, listGates, type NamedAnswer, placeInRepository } from './ci-subject.ts'
import { describeFinding } from './describe-finding.ts'
import { type JunitCase, type JunitResult, type JunitSuite, writeJunit } from './junit-xml.ts'
import { nameHook } from './name-hook.ts'

/** JUnit XML: the findings of a plan, with its gates, and of a run also how it ended, its tenants, smoke tests and replicas. */
export function buildJunit(subject: CiSubject): string {
  const { run } = subject
  const name = run?.runId ? `lockstep run ${run.runId}` : 'lockstep plan'
  const judged = listGates(subject)
  const gates: readonly JunitSuite[] =
    judged.length === 0 ? [] : [{ name: 'gates', cases: judged.map(judgeGate) }]
  const suites = [...(run ? listRunSuites(run, judged) : gates), listFindings(subject)]
  return writeJunit(name, suites, {
    timestamp: run?.startedAt ?? null,
    milliseconds: run?.durationMs ?? null,
  })
}

function listRunSuites(run: RunState, gates: readonly NamedAnswer[]): readonly JunitSuite[] {
  return [
    { name: 'run', cases: [judgeRun(run)] },
    { name: 'gates', cases: gates.map(judgeGate) },
    { name: 'tenants', cases: run.tenants.map(judgeTenant) },
    { name: 'replicas', cases: run.standbys.map(standby => judgeStandby(standby, run.comparisons)) },
    {
      name: 'smoke_tests',
      cases: run.smokeTests.map(({ test, group, answer, durationMs }) =>
        judgeAnswer(`${test} (${group})`, answer, durationMs),
      ),
    },
    ...(run.hooks.length === 0 ? [] : [{ name: 'hooks', cases: run.hooks.map(judgeHook) }]),
  ]
}

function judgeGate({ name, answer, durationMs }: NamedAnswer): JunitCase {
  return judgeAnswer(name, answer, durationMs)
}

function judgeRun(run: RunState): JunitCase {
  const { verdict, next } = describeOutcome(run)
  const type = run.outcome ?? 'unfinished'
  const body = [verdict, ...explain(run.failure), next === '' ? '' : `next: ${next}`]
    .filter(Boolean)
    .join('\n')
  const result: JunitResult =
    run.exitCode === 0 ? { status: 'passed' } : { status: 'failure', type, message: verdict, body }
  return { name: 'outcome', milliseconds: run.durationMs, result, output: run.exitCode === 0 ? verdict : '' }
}

function judgeHook(hook: HookState): JunitCase {
  return judgeAnswer(nameHook(hook), hook.answer, hook.durationMs)
}

function judgeAnswer(name: string, answer: GateAnswer | null, milliseconds: number | null): JunitCase {
  if (answer === null) {
    const result = { status: 'skipped', message: 'the run ended before there was an answer' } as const
    return { name, milliseconds, result, output: '' }
  }
  const text = describeAnswer(answer)
  return { name, milliseconds, ...judgeVerdict(answer, text) }
}

function judgeVerdict(answer: GateAnswer, text: string): Pick<JunitCase, 'result' | 'output'> {
  const { verdict, value, threshold } = answer
  const message = threshold === '' ? value : `${value} (wanted: ${threshold})`
  switch (verdict) {
    case 'failed':
      return { result: { status: 'failure', type: verdict, message, body: text }, output: '' }
    case 'inconclusive':
      return { result: { status: 'error', type: verdict, message, body: text }, output: '' }
    case 'not_applicable':
      return { result: { status: 'skipped', message: `not applicable: ${value}` }, output: '' }
    case 'waived': {
      const why = answer.evidence[0]?.fact ?? 'waived'
      return { result: { status: 'skipped', message: why }, output: text }
    }
    case 'passed':
    case 'warned':
      return { result: { status: 'passed' }, output: verdict === 'warned' ? text : '' }
    default:
      return assertNever(verdict)
  }
}

function describeAnswer({ verdict, value, threshold, evidence, remedy }: GateAnswer): string {
  return [
    `${verdict}: ${value}`,
    ...(threshold === '' ? [] : [`wanted: ${threshold}`]),
    ...evidence.map(({ tenant, server, fact }) =>
      [[tenant, server].filter(Boolean).join(' on '), fact].filter(Boolean).join(': '),
    ),
    ...(remedy === '' ? [] : [`do: ${remedy}`]),
  ].join('\n')
}

function judgeTenant(tenant: TenantState): JunitCase {
  const { startedAt, finishedAt } = tenant
  const milliseconds = startedAt && finishedAt ? millisecondsBetween(startedAt, finishedAt) : null
  return { name: tenant.tenant, milliseconds, result: judgeStatus(tenant), output: '' }
}

/** One that went back with its group is skipped: the one that voted no is the failure. */
function judgeStatus(tenant: TenantState): JunitResult {
  const { status, from, to, failure } = tenant
  const body = [`from ${formatHeads(from)} to ${formatHeads(to)}`, ...explain(failure)].join('\n')
  switch (status) {
    case 'committed':
    case 'up_to_date':
      return { status: 'passed' }
    case 'waiting':
      return { status: 'skipped', message: 'nothing was done to it' }
    case 'rolled_back':
      return failure === null
        ? { status: 'skipped', message: 'rolled back: nothing of it stays' }
        : { status: 'failure', type: status, message: describeFailure(failure).what, body }
    case 'failed': {
      const message = failure === null ? 'it voted no' : describeFailure(failure).what
      return { status: 'failure', type: status, message, body }
    }
    case 'running':
    case 'prepared':
    case 'unsettled': {
      const message =
        failure === null ? 'its state is not known: lockstep recover' : describeFailure(failure).what
      return { status: 'error', type: status, message, body }
    }
    default:
      return assertNever(status)
  }
}

function judgeStandby(standby: StandbyView, comparisons: readonly ComparisonState[]): JunitCase {
  const different = comparisons.filter(({ server, equal }) => server === standby.server && !equal)
  const body = [
    ...explain(standby.failure),
    ...different.map(
      ({ tenant, objects }) => `${tenant} differs: ${objects.join(', ') || 'its fingerprint'}`,
    ),
  ].join('\n')
  const result: JunitResult =
    standby.caughtUp === false || different.length > 0
      ? {
          status: 'failure',
          type: standby.caughtUp === false ? 'replica_behind' : 'schema_differs',
          message:
            standby.caughtUp === false ? 'it did not catch up' : 'it does not hold the schemas it should',
          body,
        }
      : standby.caughtUp === null && comparisons.every(({ server }) => server !== standby.server)
        ? { status: 'skipped', message: 'nothing was committed that it could have replayed' }
        : { status: 'passed' }
  return { name: standby.server, milliseconds: standby.waitedMs, result, output: '' }
}

function listFindings({ findings, paths }: CiSubject): JunitSuite {
  return {
    name: 'findings',
    cases: findings.map(finding => {
      const { file, line } = placeInRepository(finding, paths)
      return {
        name: `${finding.rule} ${file}:${line}${finding.statement === null ? '' : ` statement ${finding.statement + 1}`}`,
        milliseconds: null,
        ...judgeFinding(finding),
      }
    }),
  }
}

function judgeFinding(finding: PlanFinding): Pick<JunitCase, 'result' | 'output'> {
  const { severity, rule, message, waived } = finding
  const body = describeFinding(finding)
  if (waived) return { result: { status: 'skipped', message: `accepted: ${waived.reason}` }, output: '' }
  if (severity !== 'error') return { result: { status: 'passed' }, output: `${severity}: ${body}` }
  return { result: { status: 'failure', type: rule, message, body }, output: '' }
}

function explain(failure: Failure | null): readonly string[] {
  if (failure === null) return []
  const { what, where, why, fix } = describeFailure(failure)
  return [what, where && `at: ${where}`, why && `why: ${why}`, fix && `fix: ${toOneLine(fix)}`].filter(
    Boolean,
  )
}
