import type { Failure } from '../../../shared/failure/failure.ts'

/** Lock timeout, deadlock and serialisation failure: the whole transaction may be tried again, and nothing else may. */
const retryable: ReadonlySet<string> = new Set(['55P03', '40P01', '40001'])

/** The SQLSTATE for which a migration may be tried again, or null. */
export function retryableState(failure: Failure): string | null {
  const state = 'sqlstate' in failure ? failure.sqlstate : undefined
  return state && retryable.has(state) ? state : null
}

/** Milliseconds before an attempt (2, 3, ...): doubles from 100 ms up to 2 s, jittered between half and all of it. */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(2_000, 100 * 2 ** (attempt - 1))
  return Math.round(ceiling * (0.5 + random / 2))
}
