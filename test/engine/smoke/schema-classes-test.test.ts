import { expect, test } from 'vitest'
import type { SchemaChange, SmokeContext } from '../../../electron/engine/checks/smoke-test.ts'
import { schemaClassesTest } from '../../../electron/engine/smoke/schema-classes-test.ts'
import { createContext, never, sealed, tenants } from '../gates/fake-context.ts'

function judge(schemas: readonly SchemaChange[]) {
  const { runId, topology, settings } = createContext()
  const context: SmokeContext = {
    runId,
    group: 'rest',
    tenants,
    topology,
    schemas,
    settings,
    isolation: sealed,
    hooks: { run: async () => ({ status: 'exited', exitCode: 0, stdout: '', stderr: '' }) },
    http: { check: async () => ({ result: 'answered', status: 200, attempts: 1 }) },
  }
  return schemaClassesTest.judge(context, never)
}

const went = (tenant: string, before: string, after: string, route = 'from-a0'): SchemaChange => ({
  tenant,
  route,
  before,
  after,
})

test('lets tenants through that stay alike, and classes that become one', async () => {
  const answer = await judge([
    went('ash', 'x', 'y'),
    went('birch', 'x', 'y'),
    went('cedar', 'odd', 'y'),
    went('elm', 'older', 'y', 'from-empty'),
  ])
  expect(answer).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "from-a0: 2 before, 1 after, 3 tenants",
        },
        {
          "fact": "from-empty: 1 before, 1 after, 1 tenant",
        },
      ],
      "remedy": "",
      "threshold": "as many classes of schemas as before, or fewer",
      "value": "3 classes before, 2 after",
      "verdict": "passed",
    }
  `)
})

test('stops where tenants that were alike are not any more, and names them', async () => {
  const answer = await judge([
    went('ash', 'x', 'y'),
    went('birch', 'x', '0123456789abcdef'),
    went('cedar', 'x', 'y'),
  ])
  expect(answer).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "from-a0: 3 tenants that were alike ended in 2 schemas: ash, cedar in y; birch in 0123456789ab",
        },
      ],
      "remedy": "See what differs: lockstep drift",
      "threshold": "as many classes of schemas as before, or fewer",
      "value": "1 class before, 2 after",
      "verdict": "failed",
    }
  `)
})

test('does not take tenants of two routes for one class that fell apart', async () => {
  expect(await judge([went('ash', 'x', 'y'), went('birch', 'x', 'z', 'from-b0')])).toMatchObject({
    verdict: 'passed',
    value: '2 classes before, 2 after',
  })
})

test('does not apply where no schema was read', async () => {
  expect(await judge([])).toMatchObject({ verdict: 'not_applicable' })
})
