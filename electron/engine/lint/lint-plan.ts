import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { LintSettings } from '../../settings/policy.ts'
import { conflictWords } from '../conflicts/conflict.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { allRules } from './all-rules.ts'
import { checkPolicy } from './check-policy.ts'
import { lintRoute } from './lint-route.ts'
import { makeLintFindings, type RouteFindings } from './make-findings.ts'
import { readCatalogFacts } from './read-catalog-facts.ts'

/** What the rules need to know. */
export interface LintRequest {
  readonly plan: Plan
  readonly topology: Topology
  readonly settings: LintSettings
  /** Gives the statements of revisions that cannot be shown beforehand; null when there is none. */
  readonly rehearsal?: Rehearsal | null
}

/** What the rules are judged with. */
export type LintPorts = Pick<EnginePorts, 'schemaFacts' | 'parser' | 'digest' | 'clock'>

/** Holds every statement of a plan against every rule. */
export async function lintPlan(
  { plan, topology, settings, rehearsal = null }: LintRequest,
  ports: LintPorts,
  signal: AbortSignal,
): Promise<readonly PlanFinding[]> {
  const { schemaFacts, parser, digest, clock } = ports
  const disabled = new Set(settings.disable.map(({ rule }) => rule))
  // The search for conflicts has rules of its own, which are accepted in the same places.
  const names = [...allRules.map(rule => rule.name), ...Object.keys(conflictWords)]
  const rules = allRules.filter(rule => !disabled.has(rule.name))
  const schema = await readCatalogFacts(plan, topology, settings.largeTableRows, schemaFacts, signal)
  const routes: RouteFindings[] = []
  for (const route of plan.routes) {
    const hits = await lintRoute(route, { rules, names, schema, rehearsal, parser, clock }, signal)
    routes.push({ route: route.id, hits })
  }
  return [...checkPolicy(settings, names, digest), ...makeLintFindings(plan, routes, settings, digest)]
}
