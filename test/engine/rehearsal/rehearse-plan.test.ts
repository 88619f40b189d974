import { describe, expect, test } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import type { EnginePorts } from '../../../electron/engine/ports/engine-ports.ts'
import type { MigrateRequest } from '../../../electron/engine/ports/migration-source.ts'
import type { ShadowRequest } from '../../../electron/engine/ports/shadows.ts'
import { readStoredRehearsal } from '../../../electron/engine/rehearsal/read-stored-rehearsal.ts'
import { rehearsePlan } from '../../../electron/engine/rehearsal/rehearse-plan.ts'
import { expectRehearsed, inspectVote } from '../../../electron/engine/voting/inspect-vote.ts'
import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { createContext, createFakeClock, defaults, never, planned, step } from '../gates/fake-context.ts'

const { plan: sample, topology } = createContext()
const [group] = sample.groups

const noCode = {
  routines: [],
  triggers: [],
  eventTriggers: [],
  foreignTables: [],
  implicit: [],
  followers: [],
  extensions: [],
}

/** A copy in whose fingerprint one sees how often it went up and down. */
function fakePorts(
  changes: Partial<{ readonly [Name in keyof EnginePorts]: Partial<EnginePorts[Name]> }> = {},
) {
  const asked: ShadowRequest[] = []
  const ran: string[] = []
  let head = 'a0'
  const ports = {
    clock: createFakeClock(),
    digest: (text: string) => `digest of ${text}`,
    sessions: {},
    lockTracer: {
      queries: [],
      start: () => ({ next: () => ({ locks: [], rewrites: [], scans: [], invalid: [] }) }),
    },
    servers: {
      fingerprint: async () => ({ hash: head === 'a0' ? 'print' : 'after', items: [] }),
      readCatalog: async () => ({ hash: head === 'a0' ? 'print' : 'after', items: [] }),
      ...changes.servers,
    },
    parser: createSqlParser(),
    prepared: {
      openSession: async () => ({
        rollback: async (gid: string) => {
          ran.push(`back from ${gid}`)
          head = 'a0'
          return 'done'
        },
        close: async () => undefined,
      }),
    },
    reachFacts: {
      readCode: async () => noCode,
      readShared: async () => ({ items: [], unread: [] }),
      ...changes.reachFacts,
    },
    source: {
      planDowngrade: async () => [step('a1', { headsAfter: ['a0'] })],
      migrate: async ({ steps }: MigrateRequest) => {
        head = steps.at(-1)?.headsAfter[0] ?? head
        ran.push(head)
        return { status: 'finished', xid: '7' }
      },
      ...changes.source,
    },
    shadows: {
      withShadow: async (request: ShadowRequest, use: (shadow: unknown) => Promise<unknown>) => {
        asked.push(request)
        head = 'a0'
        const description = { kind: 'template', data: 'full', server: 'primary', why: '' }
        return use({
          tenant: request.tenant,
          server: 'primary',
          description,
          readContents: async () => [],
          readSequences: async () => [],
        })
      },
      ...changes.shadows,
    },
  } as unknown as EnginePorts
  return { ports, asked, ran }
}

function rehearse(ports: EnginePorts, plan: Plan = sample, lines: string[] = []): Promise<Rehearsal> {
  const onProgress = (line: string) => void lines.push(line)
  return rehearsePlan({ plan, topology, config: defaults, onProgress }, ports, never)
}

describe('a rehearsal', () => {
  test('copies one tenant of each class and takes it up to the vote, then up, down and up again', async () => {
    const { ports, asked, ran } = fakePorts()
    const lines: string[] = []
    const rehearsal = await rehearse(ports, sample, lines)
    expect(asked).toMatchObject([{ tenant: { name: 'ash' }, where: 'auto', data: 'schema' }])
    expect(ran).toEqual(['a1', 'back from lockstep rehearsal ash', 'a1', 'a0', 'a1'])
    expect(rehearsal.routes).toMatchObject([
      {
        tenants: ['ash', 'birch'],
        endFingerprint: 'after',
        reversibility: { verdict: 'lossless' },
        problem: null,
      },
    ])
    expect(lines).toEqual([
      'from-a0: copying ash',
      'from-a0: 1 revision up on a copy of ash',
      'from-a0: down to a0 and up again',
    ])
  })

  test('rehearses tenants that start from another schema by themselves', async () => {
    const { ports, asked } = fakePorts()
    const members = [planned('ash'), planned('birch', { fingerprint: 'other' })]
    const rehearsal = await rehearse(ports, {
      ...sample,
      groups: group ? [{ ...group, tenants: members }] : [],
    })
    expect(asked.map(({ tenant }) => tenant.name)).toEqual(['ash', 'birch'])
    // The copy of birch does not look like birch, so its end proves nothing.
    expect(rehearsal.routes.map(route => route.endFingerprint)).toEqual(['after', null])
  })

  test('runs what cannot run in a transaction by itself', async () => {
    const { ports, ran } = fakePorts({})
    const steps = [step('a1'), step('a2', { transactional: false }), step('a3')]
    const routes = [{ id: 'from-a0', from: ['a0'], to: ['a3'], steps }]
    await rehearse({ ...ports, lockTracer: { ...ports.lockTracer, withWatch: watch } }, { ...sample, routes })
    expect(ran.slice(0, 5)).toEqual(['a1', 'back from lockstep rehearsal ash', 'a1', 'a2', 'a3'])
  })

  test('tells what fails on the upgrade, and goes no further', async () => {
    const failure = { kind: 'migration_failed', tenant: 'ash', revision: 'a1', message: 'boom' } as const
    const { ports } = fakePorts({ source: { migrate: async () => ({ status: 'rolled_back', failure }) } })
    const rehearsal = await rehearse(ports)
    expect(rehearsal.routes[0]?.problem).toContain('boom')
    expect(rehearsal.routes[0]).toMatchObject({
      endFingerprint: null,
      reversibility: { verdict: 'not_tried' },
    })
  })

  test.each([
    [
      'that lets nobody in',
      { kind: 'database_error', sqlstate: '42501', message: 'permission denied for database "ash"' },
    ],
    [
      'that was half dropped',
      { kind: 'shadow_failed', tried: [{ how: 'a copy', outcome: 'cannot connect to invalid database' }] },
    ],
  ] as const)(
    'takes another tenant of the class in the place of one %s, and says so',
    async (_what, failure) => {
      const fake = fakePorts()
      const { withShadow } = fake.ports.shadows
      const shadows: EnginePorts['shadows'] = {
        withShadow: (request, use, signal) => {
          if (request.tenant.name === 'ash') throw new LockstepError(failure)
          return withShadow(request, use, signal)
        },
      }
      const { routes } = await rehearse({ ...fake.ports, shadows })
      expect(routes).toMatchObject([
        {
          representative: 'birch',
          tenants: ['ash', 'birch'],
          problem: null,
          passedOver: [{ tenant: 'ash', reason: expect.any(String) }],
        },
      ])
    },
  )

  test('takes another tenant where one is read-only, and blames nobody else for it', async () => {
    const readOnly = {
      kind: 'migration_failed',
      tenant: 'ash',
      revision: 'a1',
      message: 'read-only',
      sqlstate: '25006',
    } as const
    const { ports, asked } = fakePorts({
      source: { migrate: async () => ({ status: 'rolled_back', failure: readOnly }) },
    })
    const { routes } = await rehearse(ports)
    expect(asked.map(({ tenant }) => tenant.name)).toEqual(['ash', 'birch'])
    expect(routes[0]).toMatchObject({ representative: 'ash', remedy: expect.stringContaining('read-only') })
  })

  test('is none where no copy can be made, and names what was tried', async () => {
    const tried = [{ how: 'copy of the database', outcome: 'a session is connected to the database' }]
    const { ports } = fakePorts({
      shadows: {
        withShadow: async () => {
          throw new LockstepError({ kind: 'shadow_failed', tried })
        },
      },
    })
    await expect(rehearse(ports)).rejects.toMatchObject({ failure: { kind: 'shadow_failed', tried } })
  })
})

describe('a rehearsal that would reach beyond its copy', () => {
  const leaking = (sql: string): Plan => ({
    ...sample,
    routes: [
      {
        id: 'from-a0',
        from: ['a0'],
        to: ['a1'],
        steps: [step('a1', { statements: [{ sql, tables: [] }] })],
      },
    ],
  })
  const noServer = (asked: ShadowRequest[]): Partial<EnginePorts['shadows']> => ({
    withShadow: async request => {
      asked.push(request)
      throw new LockstepError({ kind: 'shadow_failed', tried: [{ how: 'dump', outcome: 'no pg_dump' }] })
    },
  })

  test('is made in a server of our own', async () => {
    const { ports, asked } = fakePorts()
    await rehearse(ports, leaking('alter role app nologin'))
    expect(asked.map(({ where }) => where)).toEqual(['sandbox'])
  })

  test('is not made at all where there is none, and says so', async () => {
    const asked: ShadowRequest[] = []
    const { ports } = fakePorts({ shadows: noServer(asked) })
    const refused = rehearse(ports, leaking('alter role app nologin'))
    await expect(refused).rejects.toMatchObject({
      failure: {
        problem:
          'Not rehearsed, because alter role app nologin (revision a1) reaches beyond the database: it changes roles, which every database of the server shares (tenant ash): no dump: no pg_dump',
      },
    })
    expect(asked.map(({ where }) => where)).toEqual(['sandbox'])
  })

  test('is not made anywhere where it leaves the server', async () => {
    const { ports, asked } = fakePorts()
    await expect(rehearse(ports, leaking("copy t to program 'x'"))).rejects.toMatchObject({
      failure: { problem: expect.stringContaining('it runs a program on the server') },
    })
    expect(asked).toEqual([])
  })

  test('is made beside the tenant where only its text is unclear and there is no other place', async () => {
    const asked: ShadowRequest[] = []
    const { ports } = fakePorts({ shadows: noServer(asked) })
    await expect(rehearse(ports, leaking('do $$ begin execute c; end $$'))).rejects.toThrow()
    expect(asked.map(({ where }) => where)).toEqual(['sandbox', 'server'])
  })

  test('fails where something of the server is not as before, whoever did it', async () => {
    let isAfter = false
    const item = { object: 'role app', property: 'rolcanlogin', isShown: true }
    const { ports } = fakePorts({
      reachFacts: {
        readShared: async () => {
          const value = isAfter ? 'false' : 'true'
          isAfter = true
          return { items: [{ ...item, value }], unread: ['passwords of roles'] }
        },
      },
    })
    const { routes } = await rehearse(ports)
    expect(routes[0]).toMatchObject({
      problem: expect.stringContaining('role app: rolcanlogin true -> false'),
      beyond: { changes: ['role app: rolcanlogin true -> false'], unread: ['passwords of roles'] },
    })
  })
})

const watch: EnginePorts['lockTracer']['withWatch'] = (_place, use) =>
  use({ begin: async () => undefined, end: async () => ({}) })

describe('a kept rehearsal', () => {
  const read = (
    kept: Rehearsal,
    wayBack: string,
    rehearse: boolean,
    plan: Plan = { ...sample, source: 'sql' },
  ) =>
    readStoredRehearsal(
      { plan, config: defaults, rehearse },
      {
        rehearsals: { read: async () => kept, write: async () => undefined },
        source: { planDowngrade: async () => [step(wayBack)] } as unknown as EnginePorts['source'],
        digest: text => text,
      },
      never,
    )
  const keep = async (wayBack: string): Promise<Rehearsal> => {
    const { ports } = fakePorts({ source: { planDowngrade: async () => [step(wayBack)] } })
    return rehearse({ ...ports, digest: text => text })
  }

  test('holds as long as the downgrade is the same', async () => {
    const kept = await keep('a1')
    expect(await read(kept, 'a1', true)).toEqual(kept)
  })

  test('says nothing about another downgrade, and is made again where that is wanted', async () => {
    const kept = await keep('a1')
    expect(await read(kept, 'edited', true)).toBeNull()
    expect((await read(kept, 'edited', false))?.routes[0]?.reversibility).toEqual({
      verdict: 'not_tried',
      evidence: ['the downgrade has changed since the rehearsal: lockstep plan --rehearse'],
    })
    expect(await read(kept, 'edited', true, sample)).toEqual(kept)
  })

  test('that failed is made again where that is wanted', async () => {
    const kept = await keep('a1')
    const failed = { ...kept, routes: kept.routes.map(route => ({ ...route, problem: 'boom' })) }
    expect(await read(failed, 'a1', true)).toBeNull()
    expect((await read(failed, 'a1', false))?.routes[0]?.problem).toBe('boom')
  })
})

test('a vote is held against the rehearsal of its class', async () => {
  const rehearsal = await rehearse(fakePorts().ports)
  const [route] = sample.routes
  if (!route) throw new Error('the sample has a route')
  const vote = (fingerprint: string, start = 'print') =>
    inspectVote(
      { xid: '7', fingerprint, invalidIndexes: [], unvalidatedConstraints: [], heads: ['a1'] },
      {
        tenant: 'birch',
        route,
        snapshot: { heads: ['a0'], fingerprint: start, items: [] },
        expectedHeads: ['a1'],
        fingerprints: expectRehearsed({ rehearsal, plan: sample }),
        allowUnvalidated: false,
      },
    )
  expect(vote('after')).toBeNull()
  expect(vote('elsewhere')).toMatchObject({
    kind: 'inspection_failed',
    problem: 'the tenant ends in another schema than the rehearsal did',
    evidence: ['the copy of ash ends in after', 'birch ends in elsewhere'],
  })
  expect(vote('elsewhere', 'another start')).toBeNull()
})
