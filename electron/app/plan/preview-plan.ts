import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { type AnalysisPorts, analyzePlan, type RehearseWhen } from '../../engine/analysis/analyze-plan.ts'
import { refuseOpen } from '../../engine/open-runs/find-refusal.ts'
import { makePlan } from '../../engine/planning/make-plan.ts'
import { type DiscoveryPorts, discoverTopology } from '../../engine/topology/discover-topology.ts'
import type { PlanStore } from '../ports/plan-store.ts'

/** What a project looks like right now. */
export interface Preview {
  readonly topology: Topology
  readonly graph: MigrationGraph
  readonly plan: Plan
  readonly analysis: PlanAnalysis
}

/** What a preview is asked for. */
export interface PreviewRequest {
  readonly target: readonly string[]
  readonly tenants: readonly string[]
  readonly rehearse?: RehearseWhen
  /** Told of each step of a rehearsal. */
  readonly onProgress?: (line: string) => void
}

/** What a preview asks of the outside world. */
export interface PreviewPorts extends AnalysisPorts, Pick<DiscoveryPorts, 'store' | 'locks'> {
  readonly plans: Pick<PlanStore, 'savePlan'>
}

/** Plans without a lock and without changing anything, unless votes are open or tenants are closed by a run (`run_unfinished`); the plan is kept, so that it can be approved by its id. */
export async function previewPlan(
  { config }: { readonly config: ProjectConfig },
  ports: PreviewPorts,
  { rehearse = 'not_now', onProgress = () => undefined, ...asked }: PreviewRequest,
  signal: AbortSignal,
): Promise<Preview> {
  const reading = ports.source.describe(signal)
  reading.catch(() => undefined)
  const topology = await discoverTopology(config, ports, async () => undefined, signal)
  // Prepared tables are locked: fingerprints would wait for them in vain.
  await refuseOpen({ config, topology }, ports, signal)
  const plan = await makePlan({ config, topology, graph: reading, gates: null, ...asked }, ports, signal)
  await ports.plans.savePlan(plan)
  const graph = await reading
  const request = { plan, graph, topology, config, rehearse, onProgress }
  return { topology, graph, plan, analysis: await analyzePlan(request, ports, signal) }
}
