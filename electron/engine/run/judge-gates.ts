import type { RunContext } from '../context/run-context.ts'
import { type AnalyzedPlan, makeGateContext } from '../gates/make-gate-context.ts'
import { validateGates } from '../gates/validate-gates.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { NothingMore, Phase } from '../phases/phase.ts'
import type { RunRequest } from './asked-run.ts'

/** Asks every gate that was not left out; one that does not open the way ends the run. */
export const judgeGates: Phase<RunContext & AnalyzedPlan & { readonly request: RunRequest }, NothingMore> = {
  name: 'safety_gate_validation',
  hooks: onceAround,
  async work(run) {
    const failure = await validateGates(run, makeGateContext(run, run), run.request.gates)
    if (!failure) return { status: 'success', message: 'every gate opens the way', found: {} }
    return { status: 'failed', message: `stopped by ${failure.gates.join(', ')}`, failure }
  },
}
