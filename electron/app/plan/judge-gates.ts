import type { GateCheck } from '../../../shared/api/plan-view.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { GatePorts } from '../../engine/checks/gate.ts'
import { judgeGate } from '../../engine/checks/judge-gate.ts'
import { allGates } from '../../engine/gates/all-gates.ts'
import { makeGateContext } from '../../engine/gates/make-gate-context.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { AppPorts } from '../app-ports.ts'
import type { Preview } from './preview-plan.ts'

/** Judges every gate as a basis for the decision: without a lock, without a log, and as often as it is asked for. */
export async function judgeGates(
  { config }: { readonly config: ProjectConfig },
  ports: GatePorts & Pick<AppPorts, 'newRunId'>,
  preview: Preview,
  onJudged: (check: GateCheck) => void,
  signal: AbortSignal,
): Promise<readonly GateCheck[]> {
  const { clock } = ports
  // No transaction is of this run: whatever is left over stands in the way.
  const runId = ports.newRunId()
  const context = makeGateContext({ runId, config, topology: preview.topology, ports }, preview)
  return mapConcurrently(allGates, allGates.length, async gate => {
    const startedAt = clock.monotonicMs()
    const answer = await judgeGate(gate, context, config.waivers, signal)
    const durationMs = Math.round(clock.monotonicMs() - startedAt)
    const check: GateCheck = {
      gate: gate.name,
      title: gate.title,
      why: gate.why,
      momentary: gate.momentary,
      answer,
      durationMs,
    }
    onJudged(check)
    return check
  })
}
