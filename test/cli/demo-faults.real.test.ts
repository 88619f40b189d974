import { describe, it } from 'vitest'
import { demoFaults } from '../../electron/host/demo/demo-faults.ts'
import { checkDemoFault } from '../support/check-demo-fault.ts'

const repeats = Math.max(1, Number(process.env.LOCKSTEP_REPEAT ?? 1)) - 1

describe('lockstep demo --fault', () => {
  for (const fault of demoFaults) {
    it(`${fault.name}: ${fault.story}; ${fault.expected}`, { repeats, timeout: 240_000 }, () =>
      checkDemoFault(fault.name),
    )
  }
})
