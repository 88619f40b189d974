import { describeFailure } from '../../../../shared/failure/describe-failure.ts'
import { allowsRun } from '../../../../shared/plan/verdict.ts'
import type { RunState } from '../../../../shared/run/run-state.ts'

/** Where something failed, what it was, and what to do about it. */
export interface FirstFailure {
  readonly where: string
  readonly what: string
  readonly fix: string
}

/** What failed first, in the order of the phases: a gate, a tenant, a standby, a smoke test, or the run itself. */
export function findFirstFailure(state: RunState): FirstFailure | null {
  const gate = state.gates.find(one => one.answer !== null && !allowsRun(one.answer.verdict))
  if (gate?.answer) {
    const fact = gate.answer.evidence[0]?.fact ?? gate.answer.value
    return { where: `Gate ${gate.gate}`, what: fact, fix: gate.answer.remedy }
  }
  const failures = state.tenants
    .filter(tenant => tenant.failure !== null)
    .toSorted((left, right) => ((left.finishedAt ?? '') < (right.finishedAt ?? '') ? -1 : 1))
  // A tenant that was stopped because of another may have answered before that one.
  const failed = failures.find(tenant => tenant.failure?.kind !== 'cancelled') ?? failures[0]
  if (failed?.failure) {
    const { what, why, fix } = describeFailure(failed.failure)
    return { where: `Tenant ${failed.tenant}, group ${failed.group ?? 'unknown'}`, what: why || what, fix }
  }
  const standby = state.standbys.find(one => one.failure !== null)
  if (standby?.failure) {
    const { what, why, fix } = describeFailure(standby.failure)
    return { where: `Standby ${standby.server}`, what: why || what, fix }
  }
  const test = state.smokeTests.find(one => !allowsRun(one.answer.verdict))
  if (test) return { where: `Smoke test ${test.test}`, what: test.answer.value, fix: test.answer.remedy }
  if (state.failure === null) return null
  const { what, why, fix } = describeFailure(state.failure)
  return { where: what, what: why, fix }
}
