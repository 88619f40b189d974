import { expect, test } from 'vitest'
import type { SmokeContext } from '../../../electron/engine/checks/smoke-test.ts'
import type { Isolation } from '../../../electron/engine/ports/gate-facts.ts'
import type { HookRequest, HookResult, HttpResult } from '../../../electron/engine/ports/hooks.ts'
import { listSmokeTests } from '../../../electron/engine/smoke/list-smoke-tests.ts'
import type { SmokeSettings } from '../../../electron/settings/policy.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { createContext, defaults, never, sealed, tenants } from '../gates/fake-context.ts'

interface Answers {
  readonly isolation?: Partial<Isolation>
  readonly hook?: (request: HookRequest) => HookResult
  readonly http?: HttpResult
}

function createSmokeContext({ isolation, hook, http }: Answers = {}): SmokeContext {
  const { runId, topology, settings } = createContext()
  return {
    runId,
    group: 'rest',
    tenants,
    topology,
    schemas: [],
    settings,
    isolation: { ...sealed, ...isolation },
    hooks: { run: async request => hook?.(request) ?? passed },
    http: { check: async () => http ?? { result: 'answered', status: 200, attempts: 1 } },
  }
}

const passed: HookResult = { status: 'exited', exitCode: 0, stdout: '', stderr: '' }
const hookSettings: SmokeSettings['hooks'][number] = {
  name: 'login',
  command: ['./checks/login', '--token=hidden'],
  per: 'group',
  timeoutSeconds: 5,
}
const httpSettings: SmokeSettings['http'][number] = {
  name: 'api',
  url: 'https://user:hidden@shop.example/health?token=hidden',
  status: 200,
  timeoutSeconds: 5,
  retries: 0,
}

/** Judges the one smoke test of a name. */
async function judge(name: string, changes: Partial<SmokeSettings>, answers: Answers = {}) {
  const tests = listSmokeTests({ ...defaults.smokeTests, ...changes })
  const found = tests.find(candidate => candidate.name === name)
  const answer = await found?.judge(createSmokeContext(answers), never)
  expect(JSON.stringify(answer)).not.toContain('hidden')
  return answer
}

test('lists our own tests first, then those of the team', () => {
  const names = (changes: Partial<SmokeSettings>) =>
    listSmokeTests({ ...defaults.smokeTests, ...changes }).map(({ name, momentary }) => [name, momentary])
  expect(names({ http: [httpSettings], hooks: [hookSettings] })).toEqual([
    ['schema_classes', false],
    ['tenant_isolation', false],
    ['tenant_answers', false],
    ['http:api', true],
    ['hook:login', true],
  ])
  expect(names({ isolation: false })).toEqual([
    ['schema_classes', false],
    ['tenant_answers', false],
  ])
})

test('looks for leaks again after the migration', async () => {
  const leak = {
    role: 'ash_app',
    ofTenant: 'ash',
    reaches: 'database birch',
    grant: 'CONNECT',
    fix: 'revoke it;',
  }
  expect(await judge('tenant_isolation', {})).toMatchObject({ verdict: 'passed' })
  expect(await judge('tenant_isolation', {}, { isolation: { findLeaks: async () => [leak] } })).toMatchObject(
    {
      verdict: 'failed',
      remedy: 'revoke it;',
    },
  )
})

test('passes when every tenant answers as its own role', async () => {
  const asked: string[] = []
  const runQuery: Isolation['runQuery'] = async (tenant, sql) => {
    asked.push(`${tenant.name}: ${sql}`)
    return { rows: 1, first: null }
  }
  expect(await judge('tenant_answers', {}, { isolation: { runQuery } })).toMatchInlineSnapshot(`
    {
      "evidence": [],
      "remedy": "",
      "threshold": "default: at least 1 row",
      "value": "2 of 2 queries answered by 2 tenants",
      "verdict": "passed",
    }
  `)
  expect(asked).toEqual([
    'ash: select count(*) from pg_catalog.pg_class',
    'birch: select count(*) from pg_catalog.pg_class',
  ])
})

const ordersQuery = { name: 'orders', sql: 'select from orders', minRows: 2, timeoutSeconds: 5 }

test('fails when a tenant answers with too few rows, or the database refuses', async () => {
  const runQuery: Isolation['runQuery'] = async tenant => {
    if (tenant.name === 'ash') return { rows: 1, first: null }
    throw new LockstepError({
      kind: 'database_error',
      sqlstate: '42P01',
      message: 'relation "orders" does not exist',
      server: 'primary',
      database: 'birch',
    })
  }
  expect(
    await judge('tenant_answers', { queries: [ordersQuery] }, { isolation: { runQuery } }),
  ).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "query orders: 1 row, at least 2 expected",
          "tenant": "ash",
        },
        {
          "fact": "query orders: The database refused: relation "orders" does not exist (server primary, database birch): SQLSTATE 42P01.",
          "tenant": "birch",
        },
      ],
      "remedy": "Run query orders as ash_app in database ash.
    Run query orders as birch_app in database birch.",
      "threshold": "orders: at least 2 rows",
      "value": "0 of 2 queries answered by 2 tenants",
      "verdict": "failed",
    }
  `)
})

test('cannot judge a tenant that takes too long or lets nobody in', async () => {
  const runQuery: Isolation['runQuery'] = async tenant => {
    throw new LockstepError(
      tenant.name === 'ash'
        ? { kind: 'database_error', sqlstate: '57014', message: 'canceling statement' }
        : { kind: 'authentication_failed', server: 'primary', user: 'birch_app' },
    )
  }
  expect(
    await judge('tenant_answers', { queries: [ordersQuery] }, { isolation: { runQuery } }),
  ).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "query orders: no answer within 5 s",
          "tenant": "ash",
        },
        {
          "fact": "query orders: Server primary refuses the login of birch_app (server primary): The password is wrong or missing, or pg_hba.conf does not let this user in.",
          "tenant": "birch",
        },
      ],
      "remedy": "Run query orders as ash_app in database ash.
    Run query orders as birch_app in database birch.",
      "threshold": "orders: at least 2 rows",
      "value": "0 of 2 queries answered by 2 tenants",
      "verdict": "inconclusive",
    }
  `)
})

test('passes a hook that exits with 0, and tells it about the group', async () => {
  const requests: HookRequest[] = []
  const hook = (request: HookRequest) => {
    requests.push(request)
    return passed
  }
  expect(await judge('hook:login', { hooks: [hookSettings] }, { hook })).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "exit 0",
        },
      ],
      "remedy": "",
      "threshold": "exit 0 within 5 s",
      "value": "exit 0 in 1 of 1 call",
      "verdict": "passed",
    }
  `)
  expect(requests).toEqual([
    {
      command: hookSettings.command,
      timeoutMs: 5000,
      facts: {
        runId: '01RUN',
        group: 'rest',
        tenants: [
          { tenant: 'ash', cluster: 'main', database: 'ash' },
          { tenant: 'birch', cluster: 'main', database: 'birch' },
        ],
      },
    },
  ])
})

test('fails a hook that exits otherwise, for the tenant that it was asked about', async () => {
  const hook = ({ facts }: HookRequest): HookResult =>
    facts.tenants[0]?.tenant === 'ash'
      ? passed
      : { status: 'exited', exitCode: 3, stdout: 'ignored', stderr: 'first\nno such page\n' }
  const settings = { ...hookSettings, per: 'tenant' } as const
  expect(await judge('hook:login', { hooks: [settings] }, { hook })).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "exit 3: first / no such page",
          "tenant": "birch",
        },
        {
          "fact": "exit 0",
          "tenant": "ash",
        },
      ],
      "remedy": "Run it by hand, with its arguments from the configuration: ./checks/login",
      "threshold": "exit 0 within 5 s",
      "value": "exit 0 in 1 of 2 calls",
      "verdict": "failed",
    }
  `)
})

test('cannot judge a hook that was killed at its deadline', async () => {
  const hook = (): HookResult => ({ status: 'timed_out', stdout: 'still waiting', stderr: '' })
  expect(await judge('hook:login', { hooks: [hookSettings] }, { hook })).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "no end within 5 s, so it was killed: still waiting",
        },
      ],
      "remedy": "Make the hook faster, or raise its timeoutSeconds.",
      "threshold": "exit 0 within 5 s",
      "value": "exit 0 in 0 of 1 call",
      "verdict": "inconclusive",
    }
  `)
})

test('fails a hook that crashed or could not be started', async () => {
  const crashed = (): HookResult => ({ status: 'killed', signal: 'SIGSEGV', stdout: '', stderr: '' })
  expect(await judge('hook:login', { hooks: [hookSettings] }, { hook: crashed })).toMatchObject({
    verdict: 'failed',
    evidence: [{ fact: 'ended by SIGSEGV' }],
  })
  const missing = (): HookResult => ({ status: 'not_started', code: 'ENOENT' })
  expect(await judge('hook:login', { hooks: [hookSettings] }, { hook: missing })).toMatchObject({
    verdict: 'failed',
    remedy: 'Check that ./checks/login exists and may be executed.',
  })
})

test('judges an address by its status, and shows no secret of it', async () => {
  const answers: readonly HttpResult[] = [
    { result: 'answered', status: 200, attempts: 2 },
    { result: 'answered', status: 503, attempts: 4 },
    { result: 'unreachable', code: 'ECONNREFUSED', attempts: 1 },
    { result: 'timed_out', attempts: 1 },
    { result: 'invalid_url' },
  ]
  const judged = await Promise.all(answers.map(http => judge('http:api', { http: [httpSettings] }, { http })))
  expect(
    judged.map(answer => [answer?.verdict, answer?.evidence[0]?.fact, answer?.remedy]),
  ).toMatchInlineSnapshot(`
    [
      [
        "passed",
        "https://shop.example/health: status 200 (2 attempts)",
        "",
      ],
      [
        "failed",
        "https://shop.example/health: status 503 (4 attempts)",
        "Look at the log of the service behind https://shop.example/health.",
      ],
      [
        "failed",
        "https://shop.example/health: cannot be reached (ECONNREFUSED) (1 attempt)",
        "Start the service, or correct its url.",
      ],
      [
        "inconclusive",
        "https://shop.example/health: no answer in time (1 attempt)",
        "Look whether the service hangs, or raise timeoutSeconds.",
      ],
      [
        "failed",
        undefined,
        "Correct the url of api.",
      ],
    ]
  `)
})
