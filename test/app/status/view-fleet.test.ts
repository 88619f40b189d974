import { describe, expect, it } from 'vitest'
import type { FleetReading } from '../../../electron/app/status/read-fleet.ts'
import { viewFleet } from '../../../electron/app/status/view-fleet.ts'
import { parseConfig } from '../../../electron/config/parse-config.ts'

function configOf(target?: string) {
  const text = JSON.stringify({
    version: 1,
    servers: [{ name: 'primary' }],
    tenants: { databases: ['*'] },
    migrations: { sql: {}, ...(target === undefined ? {} : { target }) },
  })
  return parseConfig(text, 'lockstep.yml', { env: () => undefined, file: () => undefined })
}

/** Two tenants whose votes are open, so that nothing can be planned. */
const reading = {
  plan: null,
  topology: {
    clusters: [],
    tenants: ['ash', 'birch'].map(name => ({ name, cluster: 'main', database: name, appRole: null })),
  },
  graph: { heads: ['0003a', '0003b'] },
  heads: new Map([
    ['ash', ['0003a']],
    ['birch', ['0003b', '0003a']],
  ]),
} as unknown as FleetReading

describe('the fleet in numbers while nothing can be planned', () => {
  it('is measured by the target that a plan would have', () => {
    expect(viewFleet(configOf('0003a'), reading)).toMatchObject({ target: ['0003a'], atTarget: 1, behind: 1 })
    expect(viewFleet(configOf('heads'), reading)).toMatchObject({ atTarget: 1, behind: 1 })
  })

  it('is not measured by several heads of which nobody said that all are meant', () => {
    expect(viewFleet(configOf(), reading)).toBeNull()
  })
})
