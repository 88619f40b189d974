import type { AnalyzedPlan } from '../checks/gate.ts'
import { makeGateContext } from '../gates/make-gate-context.ts'
import { validateGates } from '../gates/validate-gates.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { NothingMore, Phase } from '../phases/phase.ts'
import type { AskedRun } from './asked-run.ts'

/** Asks every gate that was not left out; one that does not open the way ends the run. */
export const judgeGates: Phase<AskedRun & AnalyzedPlan, NothingMore> = {
  name: 'safety_gate_validation',
  hooks: onceAround,
  async work(run) {
    const failure = await validateGates(run, makeGateContext(run, run), run.request.gates)
    if (!failure) return { status: 'success', message: 'every gate opens the way', found: {} }
    return { status: 'failed', message: `stopped by ${failure.gates.join(', ')}`, failure }
  },
}
