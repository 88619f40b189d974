import type { RouteRehearsal } from '../../../../shared/analysis/rehearsal.ts'
import type { PlannedGroup } from '../../../../shared/plan/plan.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate } from '../../checks/gate.ts'
import { findRehearsed, nameTenants } from './rehearsed.ts'

const threshold = 'every route runs on a copy and ends in a known schema'

/** Stops a plan that failed on a copy; where it ran, every tenant must end in the schema that the copy ended in. */
export const expectedFingerprint: Gate = {
  ...nameGate('expected_fingerprint'),
  async judge(context) {
    const { routes, answer } = findRehearsed(context, threshold)
    if (routes === null) return answer
    const known = routes.filter(route => route.endFingerprint !== null).length
    const value = `${known} of ${countOf(routes.length, 'class', 'classes')} with an expected schema`
    const isWanted = context.rehearsal.when === 'always'
    const findings = routes.flatMap(route => [
      judgeRoute(route, isWanted),
      ...judgeVote(route, context.plan.groups),
      ...tellPassedOver(route),
    ])
    return answerFromFindings(findings, { value, threshold })
  },
}

/** A class that votes must be able to; one whose tenants migrate each by itself need not. */
function judgeVote(route: RouteRehearsal, groups: readonly PlannedGroup[]): readonly Finding[] {
  const { vote, tenants } = route
  const group = groups.find(
    ({ mode, tenants: members }) =>
      mode === 'atomic' && members.some(({ tenant }) => tenants.includes(tenant)),
  )
  // Whether there is room for votes is the matter of another gate; here only rows may tell.
  if (!vote || !group || vote.verdict === 'prepared') return []
  const isRefused = vote.verdict === 'refused'
  const fact = isRefused
    ? `${route.route} cannot be prepared for the vote: ${vote.evidence.join('; ')}`
    : `${route.route}: whether it can be prepared for the vote is unknown: ${vote.evidence.join('; ')}`
  const remedy = isRefused
    ? `Take that out of the migration, or let its tenants migrate each by itself: mode: independent for the group ${group.name}.`
    : `Rehearse with rows (rehearsal.data: sample or full), or set mode: independent for the group ${group.name}.`
  return [
    {
      verdict: isRefused ? 'failed' : 'warned',
      evidence: { tenant: route.representative, fact },
      remedy,
    },
  ]
}

/** Who could not be rehearsed is judged by the gates that look at it; here it is only told. */
function tellPassedOver({ representative, passedOver = [] }: RouteRehearsal): readonly Finding[] {
  return passedOver.map(({ tenant, reason }) => ({
    verdict: 'passed',
    evidence: { tenant, fact: `cannot be rehearsed itself, so ${representative} was: ${reason}` },
    remedy: '',
  }))
}

function judgeRoute(route: RouteRehearsal, isWanted: boolean): Finding {
  const tenants = nameTenants(route)
  if (route.notRehearsed !== undefined) {
    return {
      verdict: isWanted ? 'inconclusive' : 'warned',
      evidence: { tenant: route.representative, fact: `${route.route}: ${route.notRehearsed}` },
      remedy: 'Do once by hand, for each server, what belongs to the server; the rest can then be rehearsed.',
    }
  }
  if (route.problem !== null) {
    return {
      verdict: 'failed',
      evidence: { tenant: route.representative, fact: `${route.route} fails on a copy: ${route.problem}` },
      remedy: route.remedy ?? 'Fix the migration, or what it fails on, and plan again.',
    }
  }
  if (route.endFingerprint === null) {
    return {
      verdict: 'warned',
      evidence: {
        tenant: route.representative,
        fact: `${route.route}: the copy starts from another schema than ${tenants}, so the same end cannot be expected`,
      },
      remedy: 'Rehearse on a server of the same version: rehearsal.where: server.',
    }
  }
  return {
    verdict: 'passed',
    evidence: { fact: `${route.route}: ${tenants} must end in ${route.endFingerprint.slice(0, 12)}` },
    remedy: '',
  }
}
