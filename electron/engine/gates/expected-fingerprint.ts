import type { RouteRehearsal } from '../../../shared/foresight/rehearsal.ts'
import { countOf } from '../../../shared/plain-words.ts'
import type { Gate } from '../gate.ts'
import { answerFromFindings, type Finding } from './finding.ts'
import { findRehearsed, nameTenants } from './rehearsed.ts'

const threshold = 'every route runs on a copy and ends in a known schema'

/** Stops a plan that failed on a copy; where it ran, every tenant must end in the schema that the copy ended in. */
export const expectedFingerprint: Gate = {
  name: 'expected_fingerprint',
  title: 'The result is known',
  why: 'A tenant that ends elsewhere than its copy did has met something that nobody rehearsed.',
  momentary: false,
  async judge(context) {
    const { routes, answer } = findRehearsed(context, threshold)
    if (routes === null) return answer
    const known = routes.filter(route => route.endFingerprint !== null).length
    const value = `${known} of ${countOf(routes.length, 'class', 'classes')} with an expected schema`
    return answerFromFindings(
      routes.flatMap(route => [judgeRoute(route), ...tellPassedOver(route)]),
      { value, threshold },
    )
  },
}

/** Who could not be rehearsed is judged by the gates that look at it; here it is only told. */
function tellPassedOver({ representative, passedOver = [] }: RouteRehearsal): readonly Finding[] {
  return passedOver.map(({ tenant, reason }) => ({
    verdict: 'passed',
    evidence: { tenant, fact: `cannot be rehearsed itself, so ${representative} was: ${reason}` },
    remedy: '',
  }))
}

function judgeRoute(route: RouteRehearsal): Finding {
  const tenants = nameTenants(route)
  if (route.problem !== null) {
    return {
      verdict: 'failed',
      evidence: { tenant: route.representative, fact: `${route.route} fails on a copy: ${route.problem}` },
      remedy: route.remedy ?? 'Mend the migration, or what it stumbles over, and plan again.',
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
