import { inject, test } from 'vitest'
import type { Need } from './probe-machine.ts'

/** `test` where the machine has what is needed; elsewhere the tests keep their names and are listed as not run. */
export function needs(...wanted: readonly Need[]): typeof test {
  const lacking = inject('lacking')
  return wanted.some(need => lacking[need] !== null) ? (test.runIf(false) as typeof test) : test
}
