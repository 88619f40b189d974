import { describe, expect, it } from 'vitest'
import { type FleetPorts, failureOf, readFleet } from '../../../electron/app/status/read-fleet.ts'
import { parseConfig } from '../../../electron/config/parse-config.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'

const never = new AbortController().signal
const config = parseConfig(
  JSON.stringify({
    version: 1,
    servers: [{ name: 'primary' }],
    tenants: { databases: ['*'] },
    migrations: { sql: {} },
  }),
  'lockstep.yml',
  { env: () => undefined, file: () => undefined },
)
const refused = { kind: 'authentication_failed', server: 'primary' } as const

/** A server with two tenants; `closed` are those that let nobody in. */
function fleet(
  closed: readonly string[],
  gids: readonly string[] = [],
  { database = 'ash', holder = null as string | null } = {},
) {
  const asked: string[] = []
  const ports = {
    digest: (text: string) => text,
    parser: {
      describe: async () => {
        asked.push('the grammar')
        return []
      },
    },
    prepared: { list: async () => gids.map(gid => ({ gid, database })) },
    locks: { readHolder: async () => holder },
    store: { list: async () => [] },
    servers: {
      observe: async (server: string) => ({
        server,
        cluster: 'main',
        declaredRole: 'primary',
        role: 'primary',
        endpoint: '',
        version: null,
        systemIdentifier: null,
        timeline: null,
        settings: {},
      }),
      listDatabases: async () => ['ash', 'birch'],
      listClosedDatabases: async () => [],
      fingerprint: async (_server: string, { name }: { readonly name: string }) => {
        asked.push(name)
        return { hash: `of ${name}`, objects: 0 }
      },
    },
    source: {
      describe: async () => ({
        source: 'sql',
        revisions: [{ id: '0001' }],
        heads: ['0001'],
        origin: {},
      }),
      readHeads: async ({ name }: { readonly name: string }) => {
        if (closed.includes(name)) throw new LockstepError(refused as never)
        return ['0001']
      },
      verifyApplied: async () => null,
      planSteps: async () => [],
    },
  }
  return { ports: ports as unknown as FleetPorts, asked }
}

describe('a reading of the fleet', () => {
  it('plans what a run would do, and says who cannot be read', async () => {
    const { ports } = fleet(['birch'])
    const reading = await readFleet({ config, isAtWork: false }, ports, never)
    expect(reading.failure).toBeNull()
    expect(reading.plan?.unreadable).toMatchObject([{ tenant: 'birch', failure: refused }])
    expect(failureOf(reading)).toEqual({
      kind: 'tenants_unreadable',
      tenants: [{ tenant: 'birch', failure: refused }],
    })
  })

  it('needs no grammar where every tenant is at the target', async () => {
    const { ports, asked } = fleet([])
    const reading = await readFleet({ config, isAtWork: false }, ports, never)
    expect(reading.plan?.routes).toEqual([])
    expect(asked.toSorted()).toEqual(['ash', 'birch'])
  })

  it.each<[string, boolean, readonly string[]]>([
    ['a run is at work', true, []],
    ['votes are open', false, ['lockstep:01K2ZQ6J8S3W5T7V9X1Z3B5D7F:all:ash']],
  ])(
    'asks version tables alone while %s, and still says who cannot be read',
    async (_when, isAtWork, gids) => {
      const { ports, asked } = fleet(['birch'], gids)
      const reading = await readFleet({ config, isAtWork }, ports, never)
      expect(asked).toEqual([])
      expect(reading.plan).toBeNull()
      expect([...reading.heads]).toEqual([['ash', ['0001']]])
      expect(reading.unreadable).toMatchObject([{ tenant: 'birch', failure: refused }])
      expect(reading.votes?.prepared ?? []).toEqual(gids)
    },
  )

  it('plans beside the votes of other projects, and says who has the lock', async () => {
    const elsewhere = { database: 'billing', holder: 'lockstep run 01K2ZQ6J8S3W5T7V9X1Z3B5D7F' }
    const { ports } = fleet([], ['lockstep:01K2ZQ6J8S3W5T7V9X1Z3B5D7F:all:billing'], elsewhere)
    const reading = await readFleet({ config, isAtWork: false }, ports, never)
    expect(reading.votes).toBeNull()
    expect(reading.plan).not.toBeNull()
    expect(reading.others).toMatchObject([{ project: null, votes: [{ database: 'billing' }] }])
    expect(reading.held).toEqual({ cluster: 'main', holder: elsewhere.holder })
  })

  it('says what is in the way of all tenants as one failure', async () => {
    const { ports } = fleet(['ash', 'birch'], ['lockstep:01K2ZQ6J8S3W5T7V9X1Z3B5D7F:all:ash'])
    const reading = await readFleet({ config, isAtWork: false }, ports, never)
    expect(reading.failure).toEqual(refused)
    expect(reading.topology?.tenants).toHaveLength(2)
  })
})
