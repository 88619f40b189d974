import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { parseConfig } from '../../electron/config/parse-config.ts'
import { makePlan } from '../../electron/engine/planning/make-plan.ts'
import type { EnginePorts } from '../../electron/engine/ports/engine-ports.ts'
import type { Topology } from '../../shared/topology/topology.ts'

const signal = new AbortController().signal
const topology = {
  clusters: [{ name: 'main', primary: { server: 'primary' }, standbys: [] }],
  tenants: [{ name: 'acorn', cluster: 'main', database: 'acorn', appRole: null }],
} as unknown as Topology
const graph = {
  source: 'sql' as const,
  revisions: [],
  bases: ['1'],
  heads: ['1'],
  origin: { folder: '', interpreter: null },
}
const ports = {
  servers: { fingerprint: async () => ({ hash: 'f' }) },
  source: { readHeads: async () => [], verifyApplied: async () => null, planSteps: async () => [] },
  parser: {},
  digest: (text: string) => createHash('sha256').update(text).digest('hex'),
} as unknown as EnginePorts

/** The id of the plan under a policy, written in `lockstep.yml` or in a protocol. */
async function planIdOf(policy: object, where: 'file' | 'protocol' = 'file'): Promise<string> {
  const places = {
    version: 1,
    servers: [{ name: 'primary' }],
    tenants: { databases: '*' },
    groups: [{ name: 'canary', tenants: 'acorn' }],
    migrations: { sql: {} },
  }
  const protocol = `---\nname: a\ndescription: b\n---\n# A\n\`\`\`lockstep\n${JSON.stringify(policy)}\n\`\`\`\n`
  const text = JSON.stringify(
    where === 'file' ? { ...places, ...policy } : { ...places, protocol: 'SKILL.md' },
  )
  const config = parseConfig(text, 'lockstep.yml', { env: () => undefined, file: () => protocol })
  const plan = await makePlan(
    { config, topology, graph, target: [], tenants: [], gates: null },
    ports,
    signal,
  )
  return plan.planId
}

const policies: readonly object[] = [
  { vote: 'group' },
  { gates: { replica_lag: { maxBytes: 1 } } },
  { waivers: [{ gate: 'capacity', reason: 'because' }] },
  { smokeTests: { isolation: false } },
  { execution: { lockRetries: 1 } },
  { lint: { failOn: 'warning' } },
  { rehearsal: { data: 'full' } },
  { drift: { onOutlier: 'stop' } },
  { snapshots: { data: 'always' } },
  { rollback: { ways: ['snapshot'] } },
  { hooks: { http: [{ name: 'up', url: 'http://x', before: 'approval' }] } },
]

it('a plan is another one when any part of the policy is, wherever that is written', async () => {
  const usual = await planIdOf({})
  expect(await planIdOf({ vote: 'fleet' }, 'protocol')).toBe(usual)
  const ids = new Set([usual])
  for (const policy of policies) {
    const id = await planIdOf(policy)
    expect(ids, JSON.stringify(policy)).not.toContain(id)
    expect(await planIdOf(policy, 'protocol')).toBe(id)
    ids.add(id)
  }
})

it('a group’s way to be migrated counts the same in a protocol', async () => {
  const ids = [
    await planIdOf({ groups: { canary: { parallel: 1 } } }, 'protocol'),
    await planIdOf({ groups: { canary: { onFailure: 'continue' } } }, 'protocol'),
    await planIdOf({ groups: { canary: { mode: 'independent' } } }, 'protocol'),
    await planIdOf({}),
  ]
  expect(new Set(ids).size).toBe(4)
  expect(await planIdOf({ groups: [{ name: 'canary', tenants: 'acorn', parallel: 1 }] })).toBe(ids[0])
})
