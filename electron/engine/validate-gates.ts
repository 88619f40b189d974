import type { Failure } from '../../shared/failure.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import { type GateName, opensTheWay } from '../../shared/verdict.ts'
import { allGates } from './all-gates.ts'
import type { GateContext } from './gate.ts'
import { judgeGate } from './judge-gate.ts'
import type { RunContext } from './run-context.ts'

/** Judges the chosen gates at the same time and records their answers in the gates' own order. */
export async function validateGates(
  context: RunContext,
  gateContext: GateContext,
  chosen: readonly GateName[] | null,
): Promise<Failure | null> {
  const { recorder, clock, config, signal } = context
  const gates = allGates.filter(gate => chosen === null || chosen.includes(gate.name))
  // All are waited for, also when one cannot be recorded: nothing may enter the log after its end.
  const stopped = await mapConcurrently(gates, gates.length, async gate => {
    const startedAt = clock.monotonicMs()
    await recorder.record({ type: 'gate.started', gate: gate.name })
    const answer = await judgeGate(gate, gateContext, config.waivers, signal)
    await recorder.record({
      type: 'gate.judged',
      gate: gate.name,
      momentary: gate.momentary,
      answer,
      volatile: { durationMs: Math.round(clock.monotonicMs() - startedAt) },
    })
    return opensTheWay(answer.verdict) ? [] : [gate.name]
  })
  const names = stopped.flat()
  return names.length > 0 ? { kind: 'gates_stopped', gates: names } : null
}
