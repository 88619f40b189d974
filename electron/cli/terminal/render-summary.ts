import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { allowsRun, describeVerdict, type GateAnswer, type Verdict } from '../../../shared/plan/verdict.ts'
import { describeOutcome } from '../../../shared/run/describe-outcome.ts'
import { listHalfway } from '../../../shared/run/list-halfway.ts'
import type { GroupState, RunState } from '../../../shared/run/run-state.ts'
import {
  countOf,
  formatDuration,
  listNames,
  shortenText,
  toOneLine,
} from '../../../shared/text/plain-words.ts'
import { nameHook } from '../../reports/name-hook.ts'
import { measureRun } from '../../reports/summarize-run.ts'
import { padText } from './measure-text.ts'
import { toneOfVerdict } from './status-marks.ts'
import { type StyledLine, span, type Tone } from './styled-line.ts'

/** The final block: verdict, groups, gates, replicas, smoke tests, proofs, and the next step. */
export function renderSummary(state: RunState): readonly StyledLine[] {
  const { verdict, next } = describeOutcome(state)
  const exit = state.exitCode === null ? '' : `, exit code ${state.exitCode}`
  return [
    [],
    [span(verdict, 'strong')],
    ...renderFailure(state, verdict),
    ...renderPassedOver(state),
    ...renderGroups(state),
    ...renderGates(state),
    ...renderHooks(state),
    ...renderReplicas(state),
    ...renderSmokeTests(state),
    ...renderProofs(state),
    [],
    [span(`  run ${state.runId ?? ''}, ${formatDuration(measureRun(state))}${exit}`, 'quiet')],
    ...(next === '' ? [] : [[span('  next  ', 'quiet'), span(toOneLine(next))]]),
  ]
}

/** Databases that a pattern matches and that were left as they are. */
function renderPassedOver({ plan }: RunState): readonly StyledLine[] {
  const notes = plan?.notes.filter(note => note.kind === 'passed_over') ?? []
  return notes.map(note => [span('  note  ', 'quiet'), span(toOneLine(note.text))])
}

/** What the verdict has said already is not said again. */
function renderFailure(state: RunState, verdict: string): readonly StyledLine[] {
  if (state.failure === null) return []
  const { what, where, why } = describeFailure(state.failure)
  const lines: readonly (readonly [string, string])[] = [
    ['what', what],
    ['where', where],
    ['why', why],
  ]
  return lines
    .filter(([, text]) => text !== '' && !verdict.includes(text))
    .map(([label, text]) => [span(`  ${padText(label, 6)}`, 'quiet'), span(text)])
}

function renderGroups(state: RunState): readonly StyledLine[] {
  const started = state.groups.filter(group => group.started)
  if (started.length === 0) return []
  const halfway = new Set(listHalfway(state))
  const width = Math.max(...state.groups.map(group => toOneLine(group.group).length))
  return [
    [],
    ...state.groups.map((group): StyledLine => {
      const at = state.tenants.filter(
        tenant =>
          tenant.group === group.group && (tenant.status === 'committed' || tenant.status === 'up_to_date'),
      ).length
      const between = group.tenants.filter(one => halfway.has(one)).length
      const left = between === 0 ? '' : `, ${between} with steps left`
      const held = group.windowMs === null ? '' : `, votes held ${formatDuration(group.windowMs)}`
      return [
        span(`  group ${padText(toOneLine(group.group), width)}  ${padText(group.mode, 11)}  `),
        span(padText(describeResult(group), 11), toneOfResult(group)),
        span(`  ${at} of ${countOf(group.tenants.length, 'tenant')} at the target${left}${held}`, 'quiet'),
      ]
    }),
  ]
}

function describeResult(group: GroupState): string {
  if (group.result !== null) return group.result.replaceAll('_', ' ')
  return group.started ? 'not settled' : 'not begun'
}

function toneOfResult(group: GroupState): Tone {
  switch (group.result) {
    case 'committed':
      return 'good'
    case 'rolled_back':
    case 'partial':
    case 'unsettled':
      return 'bad'
    default:
      return 'quiet'
  }
}

function renderGates(state: RunState): readonly StyledLine[] {
  if (state.gates.length === 0) return []
  const notPassed = state.gates.filter(gate => {
    const verdict = gate.answer?.verdict ?? null
    return verdict !== 'passed' && verdict !== 'not_applicable'
  })
  const verdicts = state.gates.map(gate => gate.answer?.verdict ?? null)
  return [
    [],
    [span(`  gates    ${countVerdicts(verdicts)}`)],
    ...notPassed.flatMap((gate): readonly StyledLine[] => {
      const { answer } = gate
      if (answer === null) return [[span(`    ${gate.gate} has not answered`, 'quiet')]]
      const facts = answer.evidence.slice(0, 3).map(one => {
        const where = [one.tenant, one.server].filter(Boolean).join(' on ')
        return toOneLine(where === '' ? one.fact : `${where}: ${one.fact}`)
      })
      return [
        [
          span(`    ${gate.gate} `),
          span(describeVerdict(answer.verdict), toneOfVerdict(answer.verdict)),
          span(toOneLine(`: ${answer.value} (limit: ${answer.threshold})`)),
        ],
        ...facts.map((fact): StyledLine => [span(`      ${fact}`, 'quiet')]),
        ...(answer.remedy === '' ? [] : [[span(`      fix: ${toOneLine(answer.remedy)}`)]]),
      ]
    }),
  ]
}

function renderHooks({ hooks }: RunState): readonly StyledLine[] {
  if (hooks.length === 0) return []
  return [
    [span(`  hooks    ${countVerdicts(hooks.map(hook => hook.answer.verdict))}`)],
    ...hooks
      .filter(hook => !allowsRun(hook.answer.verdict))
      .flatMap((hook): readonly StyledLine[] => [
        [span(`    ${nameHook(hook)} `), span(describeVerdict(hook.answer.verdict), 'bad')],
        ...hook.answer.evidence
          .slice(0, 3)
          .map((one): StyledLine => [span(`      ${shortenText(one.fact, 200)}`, 'quiet')]),
        ...(hook.answer.remedy === '' ? [] : [[span(`      fix: ${toOneLine(hook.answer.remedy)}`)]]),
      ]),
  ]
}

function renderReplicas(state: RunState): readonly StyledLine[] {
  const checked = state.standbys.filter(standby => standby.caughtUp !== null)
  const late = state.standbys.filter(one => one.promise !== undefined && one.caughtUp === null)
  const delayed = late.filter(one => one.promise === 'delayed').map(one => one.server)
  const archived = late.filter(one => one.promise === 'archive').map(one => one.server)
  if (checked.length + late.length === 0 && state.comparisons.length === 0) return []
  const behind = checked.filter(standby => standby.caughtUp === false).map(standby => standby.server)
  const equal = state.comparisons.filter(comparison => comparison.equal).length
  const words = [
    checked.length === 0
      ? ''
      : `${checked.length - behind.length} of ${countOf(checked.length, 'standby', 'standbys')} caught up`,
    behind.length === 0 ? '' : `behind: ${listNames(behind)}`,
    delayed.length === 0 ? '' : `received, replays late as declared: ${listNames(delayed)}`,
    archived.length === 0 ? '' : `from an archive, not waited for: ${listNames(archived)}`,
    state.comparisons.length === 0 ? '' : `${equal} of ${countOf(state.comparisons.length, 'schema')} equal`,
  ]
  const isWell = behind.length === 0 && equal === state.comparisons.length
  return [[span('  replicas '), span(words.filter(Boolean).join(', '), isWell ? 'plain' : 'bad')]]
}

function renderSmokeTests(state: RunState): readonly StyledLine[] {
  if (state.smokeTests.length === 0) return []
  return [
    [span(`  smoke    ${countVerdicts(state.smokeTests.map(test => test.answer.verdict))}`)],
    ...state.smokeTests
      .filter(({ answer }) => !allowsRun(answer.verdict) || answer.verdict === 'warned')
      .flatMap((test): readonly StyledLine[] => [
        [
          span(`    ${toOneLine(test.test)} of ${toOneLine(test.group)} `),
          span(describeVerdict(test.answer.verdict), toneOfVerdict(test.answer.verdict)),
          span(toOneLine(`: ${test.answer.value} (limit: ${test.answer.threshold})`)),
        ],
        ...warningsOf(test.answer),
      ]),
  ]
}

/** Nothing else says what a warning was about. */
function warningsOf({ verdict, evidence, remedy }: GateAnswer): readonly StyledLine[] {
  if (verdict !== 'warned') return []
  const facts = evidence.slice(0, 3).map(one => {
    const where = [one.tenant, one.server].filter(Boolean).join(' on ')
    return toOneLine(where === '' ? one.fact : `${where}: ${one.fact}`)
  })
  return [
    ...facts.map((fact): StyledLine => [span(`      ${fact}`, 'quiet')]),
    ...(remedy === '' ? [] : [[span(`      fix: ${toOneLine(remedy)}`)]]),
  ]
}

function renderProofs(state: RunState): readonly StyledLine[] {
  if (state.proofs.length === 0) return []
  const unproven = state.proofs.filter(proof => !proof.equal).map(proof => proof.tenant)
  const text =
    unproven.length === 0
      ? `${countOf(state.proofs.length, 'tenant')} proven to be as before`
      : `not proven to be as before: ${listNames(unproven, 20)}`
  return [[span('  rollback '), span(text, unproven.length === 0 ? 'plain' : 'bad')]]
}

/** "5 passed, 1 warned", the worst last. */
function countVerdicts(verdicts: readonly (Verdict | null)[]): string {
  const order: readonly (Verdict | null)[] = [
    'passed',
    'warned',
    'waived',
    'not_applicable',
    null,
    'inconclusive',
    'failed',
  ]
  return order
    .flatMap(verdict => {
      const count = verdicts.filter(candidate => candidate === verdict).length
      const word = verdict === null ? 'without an answer' : describeVerdict(verdict)
      return count === 0 ? [] : [`${count} ${word}`]
    })
    .join(', ')
}
