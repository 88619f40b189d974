import type { Failure } from '../../../shared/failure/failure.ts'
import { allowsRun, type GateName } from '../../../shared/plan/verdict.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { Gate, GateContext } from '../checks/gate.ts'
import { judgeGate } from '../checks/judge-gate.ts'
import type { RunContext } from '../context/run-context.ts'
import { allGates } from './all-gates.ts'

/** Judges the chosen gates at the same time and records their answers in the gates' own order. */
export async function validateGates(
  context: RunContext,
  gateContext: GateContext,
  chosen: readonly GateName[] | null,
  leaveOut: 'on record' | 'silently' = 'on record',
): Promise<Extract<Failure, { kind: 'gates_stopped' }> | null> {
  const { recorder, clock, config, signal } = context
  const isChosen = (gate: Gate): boolean => chosen === null || chosen.includes(gate.name)
  const gates = allGates.filter(isChosen)
  const leftOut = leaveOut === 'silently' ? [] : allGates.filter(one => !isChosen(one))
  for (const gate of leftOut) await recordLeftOut(context, gate)
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
    return allowsRun(answer.verdict) ? [] : [gate.name]
  })
  const names = stopped.flat()
  return names.length > 0 ? { kind: 'gates_stopped', gates: names } : null
}

/** A gate that was left out when the run was started counts as waived: on record. */
function recordLeftOut({ recorder }: RunContext, gate: Gate): Promise<void> {
  const fact = `${gate.name} was left out when the run was started`
  const answer = {
    verdict: 'waived',
    value: 'not judged',
    threshold: '-',
    evidence: [{ fact }],
    remedy: '',
  } as const
  return recorder.record({ type: 'gate.judged', gate: gate.name, momentary: false, answer, volatile: {} })
}
