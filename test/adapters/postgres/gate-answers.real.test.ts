import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { createPostgres } from '../../../electron/adapters/postgres/create-postgres.ts'
import { createGateFacts } from '../../../electron/adapters/postgres/gates/gate-facts.ts'
import { createIsolation } from '../../../electron/adapters/postgres/isolation/isolation.ts'
import type { ServerSettings } from '../../../electron/adapters/postgres/session/server-settings.ts'
import type { GateContext } from '../../../electron/engine/checks/gate.ts'
import { judgeGate } from '../../../electron/engine/checks/judge-gate.ts'
import { allGates } from '../../../electron/engine/gates/all-gates.ts'
import { type GateAnswer, type GateName, gateNames } from '../../../shared/plan/verdict.ts'
import { createContext, planned, tenants } from '../../engine/gates/fake-context.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'
import { describeServer, describeServers, never } from './sandbox-settings.ts'

const parser = createSqlParser()

let sandbox: TestSandbox
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openSandbox({ maxPreparedTransactions: 20 })
  sandbox = opened.sandbox
  close = opened.close
  for (const { database, appRole } of tenants) {
    await sandbox.query(`create role ${appRole} login`)
    await sandbox.query(`create database ${database}`)
    await sandbox.query(
      `revoke connect on database ${database} from public; grant connect on database ${database} to ${appRole}`,
    )
    await sandbox.query(
      'create table customers (id int primary key); create table orders (id int primary key, customer int references customers)',
      database,
    )
  }
  await sandbox.waitForStandbys()
})

afterAll(() => close())

/** The engine's own plan of two tenants, asked of real servers. */
async function createRealContext(servers = describeServers(sandbox)): Promise<GateContext> {
  const { servers: observer, prepared } = createPostgres(servers)
  const seen = await Promise.all(servers.map(server => observer.observe(server.name, never)))
  const [primary, ...standbys] = seen
  const base = createContext()
  return {
    ...base,
    topology: { clusters: [{ name: 'main', primary: primary!, standbys }], tenants },
    clock: {
      ...base.clock,
      monotonicMs: () => performance.now(),
      sleep: milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds)),
    },
    servers: observer,
    prepared,
    facts: createGateFacts(servers),
    isolation: createIsolation(servers, { parser, tenantPassword: () => null }),
  }
}

async function judge(name: GateName, context: GateContext): Promise<GateAnswer> {
  const [gate] = allGates.filter(candidate => candidate.name === name)
  return await judgeGate(gate!, context, [], never)
}

/** Nobody has rehearsed the plan of these tests, and nobody has compared their tenants. */
const unasked = ['lock_budget', 'rewrite', 'expected_fingerprint', 'reversible', 'replay_conflict', 'drift']

test('opens every gate of a healthy cluster', async () => {
  const context = await createRealContext()
  const answers = await Promise.all(
    allGates.map(async gate => [gate.name, (await judgeGate(gate, context, [], never)).verdict]),
  )
  expect(answers).toEqual(gateNames.map(name => [name, unasked.includes(name) ? 'not_applicable' : 'passed']))
})

test('gives equal answers when nothing has changed, for gates that do not measure an instant', async () => {
  const context = await createRealContext()
  const lasting = allGates.filter(gate => !gate.momentary)
  const judgeAll = () => Promise.all(lasting.map(gate => judgeGate(gate, context, [], never)))
  expect(await judgeAll()).toEqual(await judgeAll())
})

test('stops at a paused replica, and goes on when it is resumed', async () => {
  const [standby] = sandbox.standbys
  await sandbox.query('select pg_wal_replay_pause()', 'postgres', standby)
  expect(await judge('replica_lag', await createRealContext())).toMatchObject({
    verdict: 'failed',
    remedy: `On ${standby?.name}: select pg_wal_replay_resume();`,
  })
  await sandbox.query('select pg_wal_replay_resume()', 'postgres', standby)
  expect(await judge('replica_lag', await createRealContext())).toMatchObject({ verdict: 'passed' })
})

test('stops at a standby of another cluster, at a primary in its place, and at one that is down', async () => {
  const [primary, first, second] = describeServers(sandbox)
  const stranger = await sandbox.startForeignStandby()
  const wrong: readonly ServerSettings[] = [
    describeServer(sandbox, stranger, { name: 'stranger', declaredRole: 'standby' }),
    { ...primary!, name: 'primary again', declaredRole: 'standby' },
    { ...first!, name: 'down', port: 1 },
  ]
  const answer = await judge('replica_lag', await createRealContext([primary!, ...wrong, second!]))
  expect(answer.verdict).toBe('failed')
  expect(answer.evidence.map(({ server, fact }) => `${server} ${fact.replace(/\d{5,}/g, 'N')}`)).toEqual([
    `stranger belongs to another cluster: its system identifier is N, and that of ${primary!.name}, the primary, is N`,
    'primary again is declared as a standby, but it is a primary (not in recovery)',
    expect.stringMatching(/^down Server down cannot be reached .*ECONNREFUSED/),
    expect.stringMatching(/^\S+ streaming; \d+ bytes behind/),
  ])
})

test('stops at orphans, at a leak and at a session in the way', async () => {
  await sandbox.query('set session_replication_role = replica; insert into orders values (1, 99)', 'birch')
  await sandbox.query('grant connect on database birch to ash_app')
  const blocker = await sandbox.connect('birch')
  await blocker.query(`set application_name = 'report'; begin; select from orders`)
  const context = await createRealContext()
  const orphans = await judge('foreign_keys', context)
  expect(orphans).toMatchObject({
    verdict: 'failed',
    evidence: [{ tenant: 'birch', fact: 'public.orders.orders_customer_fkey: 1 row without a parent' }],
  })
  expect(await judge('tenant_isolation', context)).toMatchObject({
    verdict: 'failed',
    remedy: 'revoke connect on database birch from ash_app;',
  })
  const blocking = await judge('blocking_queries', context)
  expect(blocking).toMatchObject({ verdict: 'failed', evidence: [{ tenant: 'birch' }] })
  expect(blocking.evidence[0]?.fact).toMatch(
    /^pid \d+ \(report\) is idle in transaction, its transaction is \d+ s old, holds public.orders:AccessShareLock$/,
  )
  await blocker.end()
  await sandbox.query('truncate orders', 'birch')
  await sandbox.query('revoke connect on database birch from ash_app')
})

test('stops an atomic plan for more tenants than can be prepared', async () => {
  const context = await createRealContext()
  const [group] = context.plan.groups
  const many = Array.from({ length: 21 }, (_, index) => planned(index % 2 === 0 ? 'ash' : 'birch'))
  const plan = { ...context.plan, groups: [{ ...group!, tenants: many }] }
  const answer = await judge('capacity', { ...context, plan })
  expect(answer.verdict).toBe('failed')
  expect(answer.remedy).toContain('alter system set max_prepared_transactions = 21;')
})
