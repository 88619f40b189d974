import type { Rehearsal } from '../../../shared/foresight/rehearsal.ts'
import type { ReplayForecast } from '../../../shared/foresight/replay-forecast.ts'
import type { Plan } from '../../../shared/plan.ts'
import type { Topology } from '../../../shared/topology.ts'
import type { EnginePorts } from '../engine-ports.ts'

/** Says what the exclusive locks of a rehearsed plan will meet on each standby. */
export async function forecastReplay(
  _request: { readonly plan: Plan; readonly rehearsal: Rehearsal; readonly topology: Topology },
  _ports: EnginePorts,
  _signal: AbortSignal,
): Promise<readonly ReplayForecast[]> {
  return []
}
