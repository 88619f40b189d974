import { describe } from 'vitest'
import { demoFaults } from '../../electron/host/demo/demo-faults.ts'
import { checkDemoFault } from '../support/check-demo-fault.ts'
import { needs } from '../support/needs.ts'

const repeats = Math.max(1, Number(process.env.LOCKSTEP_REPEAT ?? 1)) - 1

describe('lockstep demo --fault', () => {
  for (const fault of demoFaults) {
    // Two files of one number are a mistake in the folder; only Alembic can have two heads.
    const test = fault.name === 'two-heads' ? needs('python') : needs()
    test(`${fault.name}: ${fault.story}; ${fault.expected}`, { repeats, timeout: 240_000 }, () =>
      checkDemoFault(fault.name),
    )
  }
})
