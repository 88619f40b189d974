import type { Failure } from '../../../../shared/failure/failure.ts'
import { listPlanned } from '../../../../shared/plan/plan-selectors.ts'
import type { GateAnswer } from '../../../../shared/plan/verdict.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate, GateContext } from '../../checks/gate.ts'
import { describeMerge } from '../../routes/choose-target.ts'
import { createAncestry, findCycle, findMissingParents } from './revision-ancestry.ts'

const threshold = 'one known path from every tenant to the target'

/** Stops a run whose revisions do not lead every tenant to the target. */
export const revisionGraph: Gate = {
  ...nameGate('revision_graph'),
  async judge(context) {
    const { graph, plan } = context
    const findings = [
      ...findCycles(context),
      ...findOtherHeads(context),
      ...findLostTenants(context),
      ...findChangedFiles(context),
    ]
    const tenants = listPlanned(plan).length
    const value = `${countOf(graph.revisions.length, 'revision')}, ${countOf(graph.heads.length, 'head')}, ${countOf(tenants, 'tenant')}`
    if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
    return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
  },
}

/** Failures of planning that are an answer of this gate: the plan could not even be made. */
export type GraphFailure = Extract<
  Failure,
  { readonly kind: 'several_heads' | 'revision_unknown' | 'migration_edited' }
>

/** Says whether a failure of planning is this gate's to answer. */
export function isGraphFailure(failure: Failure): failure is GraphFailure {
  return (
    failure.kind === 'several_heads' ||
    failure.kind === 'revision_unknown' ||
    failure.kind === 'migration_edited'
  )
}

/** The gate's answer when planning has refused the revisions already. */
export function answerForGraphFailure(failure: GraphFailure): GateAnswer {
  switch (failure.kind) {
    case 'several_heads':
      return {
        verdict: 'failed',
        value: countOf(failure.heads.length, 'head'),
        threshold: '1 head, or a target named explicitly',
        evidence: failure.heads.map(head => ({ fact: `revision ${head} is a head` })),
        remedy: `${failure.mergeCommand}\nor name the target: lockstep run --target ${failure.heads[0] ?? 'REVISION'}`,
      }
    case 'revision_unknown':
      return {
        verdict: 'failed',
        value: `revision ${failure.revision} is unknown`,
        threshold: 'every tenant is on a revision that the project has',
        evidence: [unknownRevision(failure.tenant, failure.revision).evidence],
        remedy: unknownRevision(failure.tenant, failure.revision).remedy,
      }
    case 'migration_edited':
      return {
        verdict: 'failed',
        value: '1 edited file',
        threshold: 'applied files stay as they were applied',
        evidence: [
          {
            tenant: failure.tenant,
            fact: `${failure.file} (revision ${failure.revision}) was applied as ${failure.recorded.slice(0, 12)} and is ${failure.found.slice(0, 12)} now`,
          },
        ],
        remedy: `git log -p -- ${failure.file}\nRestore the file as it was applied, and put the change into a new revision.`,
      }
    default:
      return assertNever(failure)
  }
}

function findCycles({ graph }: GateContext): readonly Finding[] {
  const cycle = findCycle(graph.revisions)
  const missing = findMissingParents(graph.revisions)
  return [
    ...(cycle.length > 0
      ? [
          {
            verdict: 'failed',
            evidence: { fact: `revisions form a circle: ${[...cycle, cycle[0]].join(' -> ')}` },
            remedy: 'Correct down_revision or depends_on in one of these files.',
          } as const,
        ]
      : []),
    ...missing.map(
      ({ revision, parent }): Finding => ({
        verdict: 'failed',
        evidence: { fact: `revision ${revision} follows ${parent}, which the project does not have` },
        remedy: `Bring back the file of revision ${parent}.`,
      }),
    ),
  ]
}

/** Planning refuses several heads unless a target was named; then the heads left aside are worth a word. */
function findOtherHeads({ graph, plan }: GateContext): readonly Finding[] {
  const ancestry = createAncestry(graph.revisions)
  const reached = ancestry.withAncestors(plan.target)
  const aside = graph.heads.filter(head => !reached.has(head))
  if (graph.heads.length < 2 || aside.length === 0 || !ancestry.knows(plan.target)) return []
  return [
    {
      verdict: 'warned',
      evidence: { fact: `heads left aside by the target ${listNames(plan.target)}: ${listNames(aside)}` },
      remedy: describeMerge(graph.heads),
    },
  ]
}

function findLostTenants({ graph, plan }: GateContext): readonly Finding[] {
  const known = new Set(graph.revisions.map(revision => revision.id))
  const ancestry = createAncestry(graph.revisions)
  return listPlanned(plan).flatMap(planned => {
    const unknown = planned.from.filter(revision => !known.has(revision))
    if (unknown.length > 0) return unknown.map(revision => unknownRevision(planned.tenant, revision))
    const ahead = planned.from.filter(revision => ancestry.isAhead(revision, plan.target))
    return ahead.map((revision): Finding => aheadOfTarget(planned.tenant, revision, plan.target))
  })
}

function unknownRevision(tenant: string, revision: string): Finding {
  return {
    verdict: 'failed',
    evidence: { tenant, fact: `is on revision ${revision}, which the project does not have` },
    remedy: `Check out the code that has revision ${revision}, or bring its file back.`,
  }
}

function aheadOfTarget(tenant: string, revision: string, target: readonly string[]): Finding {
  return {
    verdict: 'failed',
    evidence: { tenant, fact: `is on revision ${revision}, ahead of the target ${listNames(target)}` },
    remedy: `Leave the tenant out, or aim at a revision that includes ${revision}.`,
  }
}

function findChangedFiles({ graph, plan }: GateContext): readonly Finding[] {
  const checksums = new Map(graph.revisions.map(revision => [revision.id, revision.checksum]))
  return plan.routes.flatMap(route =>
    route.steps
      .filter(step => checksums.get(step.revision) !== step.checksum)
      .map(
        (step): Finding => ({
          verdict: 'failed',
          evidence: { fact: `${step.file} (revision ${step.revision}) is not the file that was planned` },
          remedy: 'lockstep plan',
        }),
      ),
  )
}
