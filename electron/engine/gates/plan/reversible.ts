import type { Reversibility, RouteRehearsal } from '../../../../shared/analysis/rehearsal.ts'
import type { Verdict } from '../../../../shared/plan/verdict.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate } from '../../checks/gate.ts'
import { findRehearsed, nameTenants } from './rehearsed.ts'

/** Says before approval what a rollback would lose; stops it only where the configuration asks for a way without loss. */
export const reversible: Gate = {
  ...nameGate('reversible'),
  async judge(context) {
    const { require } = context.settings.reversible
    const threshold = require === 'lossless' ? 'a rollback without loss' : 'what a rollback loses is known'
    const { routes, answer } = findRehearsed(context, threshold)
    if (routes === null) return answer
    const words = routes.map(route => nameVerdict(route.reversibility.verdict))
    const value = [...new Set(words)].join(', ')
    return answerFromFindings(
      routes.map(route => judgeRoute(route, require)),
      { value, threshold },
    )
  },
}

function judgeRoute(route: RouteRehearsal, require: 'none' | 'lossless'): Finding {
  const { verdict, evidence } = route.reversibility
  const fact = `${route.route} (${nameTenants(route)}): ${nameVerdict(verdict)}: ${evidence.join('; ')}`
  return {
    verdict: weigh(verdict, require),
    evidence: { tenant: route.representative, fact },
    remedy: remedyFor(verdict),
  }
}

function weigh(verdict: Reversibility, require: 'none' | 'lossless'): Exclude<Verdict, 'waived'> {
  switch (verdict) {
    case 'lossless':
      return 'passed'
    case 'lossy':
    case 'impossible':
      return require === 'lossless' ? 'failed' : 'warned'
    case 'not_tried':
      return require === 'lossless' ? 'inconclusive' : 'not_applicable'
    default:
      return assertNever(verdict)
  }
}

function nameVerdict(verdict: Reversibility): string {
  switch (verdict) {
    case 'lossless':
      return 'without loss'
    case 'lossy':
      return 'with loss'
    case 'impossible':
      return 'no rollback possible'
    case 'not_tried':
      return 'not tried'
    default:
      return assertNever(verdict)
  }
}

function remedyFor(verdict: Reversibility): string {
  switch (verdict) {
    case 'lossless':
    case 'not_tried':
      return ''
    case 'lossy':
      return 'Keep the old column or table until a rollback is no longer needed, or take snapshots: snapshots.data: irreversible.'
    case 'impossible':
      return 'Write a downgrade that returns to the same schema, or take snapshots: snapshots.data: irreversible.'
    default:
      return assertNever(verdict)
  }
}
