import type { RouteRehearsal } from '../../../../shared/analysis/rehearsal.ts'
import type { GateAnswer } from '../../../../shared/plan/verdict.ts'
import { listNames } from '../../../../shared/text/plain-words.ts'
import type { GateContext } from '../../checks/gate.ts'

/** The routes of a rehearsal, or the answer of a gate that has none to judge. */
export type Rehearsed =
  | { readonly routes: readonly RouteRehearsal[]; readonly answer: null }
  | { readonly routes: null; readonly answer: GateAnswer }

/** A plan that was not rehearsed stops nothing, unless the configuration wants every plan rehearsed. */
export function findRehearsed({ plan, analysis, rehearsal }: GateContext, threshold: string): Rehearsed {
  if (analysis.rehearsal) return { routes: analysis.rehearsal.routes, answer: null }
  const isWanted = plan.routes.length > 0 && rehearsal.when === 'always'
  return {
    routes: null,
    answer: {
      verdict: isWanted ? 'inconclusive' : 'not_applicable',
      value: plan.routes.length === 0 ? 'nothing to migrate' : 'not rehearsed',
      threshold,
      evidence: analysis.notRehearsed === '' ? [] : [{ fact: `not rehearsed: ${analysis.notRehearsed}` }],
      remedy: isWanted ? 'lockstep plan --rehearse shows what is in the way.' : '',
    },
  }
}

/** Whom a route's rehearsal speaks for. */
export function nameTenants({ tenants }: RouteRehearsal): string {
  return listNames(tenants, 3)
}
