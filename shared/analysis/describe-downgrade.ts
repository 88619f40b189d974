import { listNames } from '../text/plain-words.ts'
import type { PlanAnalysis } from './plan-analysis.ts'
import type { Reversibility } from './rehearsal.ts'

const untilDecided = 'Until a group has decided, everything is rolled back exactly.'

/** Says whether what a plan commits can be undone, by the evidence of its rehearsal. */
export function describeDowngrade(analysis: PlanAnalysis | null): string {
  const routes = analysis?.rehearsal?.routes ?? []
  if (routes.length === 0)
    return `${untilDecided} What is committed has no rehearsed rollback: ${analysis?.notRehearsed || 'this plan has not been rehearsed'}.`
  const ofVerdict = (verdict: Reversibility): readonly string[] =>
    routes.filter(route => route.reversibility.verdict === verdict).map(route => route.route)
  // Each class of tenants was rehearsed by itself: a route is named once all the same.
  const impossible = [...new Set([...ofVerdict('impossible'), ...ofVerdict('not_tried')])]
  const lossy = [...new Set(ofVerdict('lossy'))]
  if (impossible.length > 0)
    return `${untilDecided} What is committed cannot be taken back by going down from ${listNames(impossible)}: only a snapshot with data would return it.`
  if (lossy.length > 0)
    return `${untilDecided} What is committed can be taken back, and ${listNames(lossy)} ${lossy.length === 1 ? 'loses' : 'lose'} data on the way.`
  return `${untilDecided} What is committed can be taken back: on the copy, going down returned the same schema and lost nothing.`
}
