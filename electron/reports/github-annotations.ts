import { describeFailure } from '../../shared/failure/describe-failure.ts'
import type { GateAnswer } from '../../shared/plan/verdict.ts'
import { describeOutcome } from '../../shared/run/describe-outcome.ts'
import type { RunState } from '../../shared/run/run-state.ts'
import { type CiSubject, listGates, placeInRepository, sortBySeverity } from './ci-subject.ts'
import { cleanText } from './clean-text.ts'
import { describeFinding } from './describe-finding.ts'
import { nameHook } from './name-hook.ts'

type Level = 'error' | 'warning' | 'notice'

interface Annotation {
  readonly level: Level
  readonly title: string
  readonly message: string
  readonly place: { readonly file: string; readonly line: number } | null
}

/** GitHub shows so many annotations of one level per step, and drops the rest without a word. */
const shownPerLevel = 10
const longestTitle = 200
const longestMessage = 4_000

/** Workflow commands for GitHub Actions, the worst first: how a run ended, its gates and tests, and what was found. */
export function buildAnnotations(subject: CiSubject): readonly string[] {
  const { run } = subject
  const ofPlan = run ? annotateRun(run) : annotateGates(subject)
  const all = [...ofPlan, ...annotateFindings(subject)]
  return (['error', 'warning', 'notice'] as const).flatMap(level =>
    cutLevel(
      level,
      all.filter(one => one.level === level),
    ).map(writeCommand),
  )
}

function cutLevel(level: Level, annotations: readonly Annotation[]): readonly Annotation[] {
  if (annotations.length <= shownPerLevel) return annotations
  const shown = annotations.slice(0, shownPerLevel - 1)
  const message = `and ${annotations.length - shown.length} more of this level: see the summary of the step`
  return [...shown, { level, title: 'Lockstep', message, place: null }]
}

function annotateRun(run: RunState): readonly Annotation[] {
  const end: readonly Annotation[] =
    run.exitCode === 0 ? [] : [{ level: 'error', title: 'Lockstep', message: describeEnd(run), place: null }]
  const gates = annotateGates({ run })
  const tests = run.smokeTests.flatMap(({ test, group, answer }) =>
    annotateAnswer(`smoke test ${test} of ${group}`, answer),
  )
  const hooks = run.hooks.flatMap(hook => annotateAnswer(`hook ${nameHook(hook)}`, hook.answer))
  return [...end, ...gates, ...hooks, ...tests]
}

function annotateGates(subject: Pick<CiSubject, 'run' | 'gates'>): readonly Annotation[] {
  return listGates(subject).flatMap(({ name, answer }) => annotateAnswer(`gate ${name}`, answer))
}

function describeEnd(run: RunState): string {
  const { verdict, next } = describeOutcome(run)
  const why = run.failure === null ? '' : describeFailure(run.failure).why
  return [verdict, why, next === '' ? '' : `Next: ${next}`].filter(Boolean).join('\n')
}

function annotateAnswer(title: string, answer: GateAnswer | null): readonly Annotation[] {
  if (answer === null) return []
  const { verdict, value, evidence, remedy } = answer
  if (verdict === 'passed' || verdict === 'not_applicable') return []
  const level = verdict === 'warned' ? 'warning' : verdict === 'waived' ? 'notice' : 'error'
  const facts = evidence.map(({ tenant, server, fact }) => [tenant, server, fact].filter(Boolean).join(': '))
  const message = [value, ...facts, remedy].filter(Boolean).join('\n')
  return [{ level, title: `${title}: ${verdict}`, message, place: null }]
}

function annotateFindings({ findings, paths }: CiSubject): readonly Annotation[] {
  return sortBySeverity(findings).map(finding => ({
    level: finding.severity === 'note' ? 'notice' : finding.severity,
    title: finding.rule,
    message: describeFinding(finding),
    place: finding.place === null ? null : placeInRepository(finding, paths),
  }))
}

function writeCommand({ level, title, message, place }: Annotation): string {
  const where = place === null ? '' : `file=${escapeProperty(place.file)},line=${place.line},`
  const text = escapeData(cleanText(message, longestMessage))
  return `::${level} ${where}title=${escapeProperty(cleanText(title, longestTitle))}::${text}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
