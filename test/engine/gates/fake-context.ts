import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { projectConfigSchema } from '../../../electron/config/project-config.ts'
import type { GateContext } from '../../../electron/engine/checks/gate.ts'
import type { Clock } from '../../../electron/engine/ports/clock.ts'
import type { GateFacts, Isolation, ServerCapacity } from '../../../electron/engine/ports/gate-facts.ts'
import type { Revision } from '../../../shared/plan/migration-graph.ts'
import type { PlannedStep, PlannedTenant } from '../../../shared/plan/plan.ts'
import type { ServerObservation, StandbyState, Tenant } from '../../../shared/topology/topology.ts'

/** A signal that never comes. */
export const never = new AbortController().signal

/** The configuration with all its defaults. */
export const defaults = projectConfigSchema.parse({
  version: 1,
  servers: [{ name: 'primary' }],
  tenants: {},
  migrations: {},
})

/** Tenants of the fakes: each its database, each its role. */
export const tenants: readonly Tenant[] = ['ash', 'birch'].map(name => ({
  name,
  cluster: 'main',
  database: name,
  appRole: `${name}_app`,
}))

/** A revision that follows others. */
export function revision(id: string, ...parents: readonly string[]): Revision {
  return {
    id,
    parents,
    dependsOn: [],
    labels: [],
    message: '',
    file: `versions/${id}.py`,
    checksum: `sum of ${id}`,
    isMerge: parents.length > 1,
  }
}

/** A step that alters one table. */
export function step(id: string, changes: Partial<PlannedStep> = {}): PlannedStep {
  return {
    revision: id,
    message: '',
    file: `versions/${id}.py`,
    checksum: `sum of ${id}`,
    transactional: true,
    reason: '',
    statements: [{ sql: 'alter table orders add note text', tables: ['public.orders'] }],
    unrendered: '',
    headsAfter: [id],
    ...changes,
  }
}

/** A tenant of the plan, from a0 to a1. */
export function planned(name: string, changes: Partial<PlannedTenant> = {}): PlannedTenant {
  return {
    tenant: name,
    cluster: 'main',
    database: name,
    from: ['a0'],
    route: 'from-a0',
    fingerprint: 'print',
    ...changes,
  }
}

/** A server with plenty of room. */
export function roomy(server: string, changes: Partial<ServerCapacity> = {}): ServerCapacity {
  return {
    server,
    maxConnections: 100,
    reservedConnections: 3,
    usedConnections: 5,
    maxPreparedTransactions: 20,
    usedPreparedTransactions: 0,
    maxLocksPerTransaction: 64,
    connectionLimits: [],
    freeDiskBytes: 10_737_418_240,
    ...changes,
  }
}

/** A server as it should be seen; `state` makes it a standby. */
export function observed(
  server: string,
  state: Partial<StandbyState> | null = null,
  changes: Partial<ServerObservation> = {},
): ServerObservation {
  const replication: StandbyState | null = state && {
    receiver: 'streaming',
    replayPause: 'not paused',
    receivedLsn: '0/2',
    replayedLsn: '0/2',
    lagBytes: 0,
    lagSeconds: null,
    ...state,
  }
  return {
    server,
    cluster: 'main',
    declaredRole: state ? 'standby' : 'primary',
    role: state ? 'standby' : 'primary',
    endpoint: '127.0.0.1:5432',
    version: 180004,
    systemIdentifier: '7001',
    timeline: 1,
    replication,
    failure: null,
    ...changes,
  }
}

const facts: GateFacts = {
  readSettings: async () => [
    { name: 'default_transaction_isolation', setting: 'read committed', source: 'default' },
  ],
  readForeignKeys: async () => [],
  readHiddenRows: async () => null,
  readDisabledForeignKeyTriggers: async () => [],
  readBlockingSessions: async () => [],
  readCapacity: async server => roomy(server),
  countLockTargets: async () => 4,
}

/** Isolation as it should be. */
export const sealed: Isolation = {
  shared: null,
  findLeaks: async () => [],
  listRowTenants: async () => [],
  probeRows: async () => ({ leaks: [], tried: 0, untried: [], blind: [] }),
  probe: async () => ({ result: 'refused', sqlstate: '42501' }),
  runQuery: async () => ({ rows: 1, first: '1' }),
}

/** Time that passes only by sleeping. */
export function createFakeClock(): Clock {
  let now = 0
  return {
    now: () => '2026-01-01T00:00:00.000Z',
    monotonicMs: () => now,
    sleep: async milliseconds => {
      now += milliseconds
    },
    random: () => 0.5,
  }
}

/** What a gate may look at, with all well; a test changes the one thing that it is about. */
export function createContext(
  changes: Partial<Omit<GateContext, 'facts'>> & { readonly facts?: Partial<GateFacts> } = {},
): GateContext {
  return {
    runId: '01RUN',
    topology: {
      clusters: [{ name: 'main', primary: observed('primary'), standbys: [observed('standby-1', {})] }],
      tenants,
    },
    graph: {
      source: 'alembic',
      revisions: [revision('a0'), revision('a1', 'a0')],
      bases: ['a0'],
      heads: ['a1'],
      origin: { folder: '.', interpreter: null },
    },
    analysis: {
      planId: 'plan',
      findings: [],
      classes: [],
      quarantined: [],
      rehearsal: null,
      notRehearsed: 'this plan has not been rehearsed',
      forecast: null,
    },
    plan: {
      planId: 'plan',
      source: 'alembic',
      target: ['a1'],
      vote: 'fleet',
      routes: [{ id: 'from-a0', from: ['a0'], to: ['a1'], steps: [step('a1')] }],
      groups: [
        {
          name: 'rest',
          wave: 1,
          mode: 'atomic',
          modeReason: '',
          parallel: 4,
          tenants: [planned('ash'), planned('birch')],
        },
      ],
      notes: [],
      gatesHash: 'gates',
    },
    settings: defaults.gates,
    execution: defaults.execution,
    servers: {
      observe: async server => (server === 'primary' ? observed(server) : observed(server, {})),
      listDatabases: async () => [],
      listClosedDatabases: async () => [],
      listSchemas: async () => [],
      readLinks: async server => ({ server, upstream: null, receivers: [], subscriptions: [] }),
      queryTenantNames: async () => [],
      fingerprint: async () => ({ hash: '', items: [] }),
      readCatalog: async () => ({ hash: '', items: [] }),
    },
    prepared: {
      list: async () => [],
      openSession: async () => {
        throw new Error('no gate finishes anything')
      },
      status: async () => 'unknown',
    },
    isolation: sealed,
    rehearsal: defaults.rehearsal,
    drift: defaults.drift,
    lint: defaults.lint,
    schemaFacts: {
      readTables: async () => [],
      readShapes: async () => [],
      readPolicies: async () => ({ bypasses: true, tables: [] }),
    },
    replayFacts: {
      readReaders: async () => ({ maxDelayMs: 30_000, hotStandbyFeedback: false, queries: [] }),
    },
    parser: createSqlParser(),
    clock: createFakeClock(),
    ...changes,
    facts: { ...facts, ...changes.facts },
  }
}
