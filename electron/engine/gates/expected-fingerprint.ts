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
    return answerFromFindings(routes.map(judgeRoute), { value, threshold })
  },
}

function judgeRoute(route: RouteRehearsal): Finding {
  const tenants = nameTenants(route)
  if (route.problem !== null) {
    return {
      verdict: 'failed',
      evidence: { tenant: route.representative, fact: `${route.route} fails on a copy: ${route.problem}` },
      remedy:
        'Mend the migration, or what it stumbles over, and plan again. Does it need rows? Set rehearsal.data to sample or full.',
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
