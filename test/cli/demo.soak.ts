import { describe, it } from 'vitest'
import { demoFaults } from '../../electron/host/demo/demo-faults.ts'
import { checkDemoFault } from '../support/check-demo-fault.ts'

describe('the demo, again and again', () => {
  it('migrates thirty times in a row and leaves nothing', { repeats: 29 }, () => checkDemoFault('none'))

  for (const fault of demoFaults.filter(one => one.name !== 'none')) {
    it(`meets ${fault.name} ten times and leaves nothing`, { repeats: 9 }, () => checkDemoFault(fault.name))
  }
})
