import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type HookFacts, hookFactsJsonSchema } from '../../electron/config/hook-facts.ts'
import { type PhaseName, phaseNames } from '../../shared/run/phase.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { duplicateEmail, type EngineFixture, eventsOf, openEngineFixture } from '../support/engine-fixture.ts'

let fixture: EngineFixture
let told: string
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch', 'cedar'] })
  told = join(fixture.folder, 'told.ndjson')
})
afterAll(() => fixture?.close())
beforeEach(async () => {
  await fixture.reset()
  rmSync(told, { force: true })
  writeFileSync(
    join(fixture.folder, 'hook.mjs'),
    `import { appendFileSync, readFileSync } from 'node:fs'
const facts = readFileSync(0, 'utf8')
appendFileSync(${JSON.stringify(told)}, facts)
console.log('heard about', JSON.parse(facts).tenants.length)
process.exit(Number(process.argv[2] ?? 0))
`,
  )
})

type Moment = { readonly before: PhaseName } | { readonly after: PhaseName }

const hook = (name: string, moment: Moment, more: object = {}) => ({
  name,
  command: [process.execPath, 'hook.mjs'],
  ...moment,
  ...more,
})

const failing = { command: [process.execPath, 'hook.mjs', '3'] }

const withHooks = (executables: readonly object[], more: object = {}) => ({
  settings: { hooks: { executables }, ...more },
})

function readTold(): readonly HookFacts[] {
  if (!existsSync(told)) return []
  return readFileSync(told, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as HookFacts)
}

/** Phases, hooks and decisions in their order, as short words. */
function storyOf(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap(event => {
    if (event.type === 'phase.started') return [`${event.phase}${event.group ? ` ${event.group}` : ''}`]
    if (event.type === 'hook.judged')
      return [
        `  ${event.hook}${event.group ? ` ${event.group}` : ''}${event.tenant ? ` ${event.tenant}` : ''}`,
      ]
    if (event.type === 'group.decided') return [`= ${event.decision} ${event.group}`]
    return []
  })
}

const judged = (events: readonly RunEvent[]) =>
  eventsOf(events, 'hook.judged').map(({ hook: name, answer }) => [name, answer.verdict])

describe('hooks at every moment', () => {
  it('are asked before and after each phase, per run, group and tenant, and never between a vote and its decision', async () => {
    const everywhere = phaseNames
      .filter(phase => phase !== 'rollback')
      .flatMap(phase => [
        hook(`before ${phase}`, { before: phase }),
        hook(`after ${phase}`, { after: phase }),
      ])
    const run = await fixture.run(
      withHooks([
        ...everywhere,
        hook('each group', { before: 'migration_execution' }, { per: 'group' }),
        hook('each tenant', { after: 'migration_execution' }, { per: 'tenant' }),
      ]),
    )
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    expect(storyOf(run.events)).toEqual([
      '  before topology_discovery',
      'topology_discovery',
      '  after topology_discovery',
      '  before planning',
      'planning',
      '  after planning',
      '  before safety_gate_validation',
      'safety_gate_validation',
      '  after safety_gate_validation',
      '  before approval',
      'approval',
      '  after approval',
      '  before rollback_snapshot',
      'rollback_snapshot',
      '  after rollback_snapshot',
      '  before migration_execution',
      '  each group canary',
      '  each group rest',
      'migration_execution canary',
      '= commit canary',
      '  each tenant canary acorn',
      '  before replica_sync_validation',
      'replica_sync_validation canary',
      '  before smoke_test',
      'smoke_test canary',
      'migration_execution rest',
      '= commit rest',
      '  after migration_execution',
      '  each tenant rest birch',
      '  each tenant rest cedar',
      'replica_sync_validation rest',
      '  after replica_sync_validation',
      'smoke_test rest',
      '  after smoke_test',
    ])
    const facts = readTold()
    const validate = new Ajv2020({ strict: false }).compile(hookFactsJsonSchema())
    for (const one of facts) expect(validate(one), JSON.stringify(validate.errors)).toBe(true)
    expect(facts[0]).toMatchObject({
      v: 1,
      moment: 'before',
      phase: 'topology_discovery',
      tenants: [],
      planId: null,
    })
    expect(facts.at(-1)).toMatchObject({
      runId: run.runId,
      project: 'fixture',
      hook: 'after smoke_test',
      per: 'run',
      group: null,
      statements: 1,
      committed: ['acorn', 'birch', 'cedar'],
      failure: null,
    })
    expect(facts.find(one => one.hook === 'each tenant')).toMatchObject({
      group: 'canary',
      tenants: [
        {
          tenant: 'acorn',
          cluster: 'main',
          database: 'acorn',
          group: 'canary',
          from: ['0001'],
          to: ['0002'],
        },
      ],
      committed: ['acorn'],
    })
    expect(eventsOf(run.events, 'hook.judged').at(-1)?.answer).toMatchObject({
      verdict: 'passed',
      value: 'exit 0',
      evidence: [{ fact: 'exit 0: heard about 3' }],
    })
  })
})

describe('a hook that does not pass', () => {
  it.each<PhaseName>(['topology_discovery', 'planning', 'approval', 'migration_execution'])(
    'before %s stops the run like a gate, and nothing was changed',
    async phase => {
      const before = await fixture.read()
      const run = await fixture.run(withHooks([hook('no', { before: phase }, failing)]))
      expect(run).toMatchObject({
        outcome: 'stopped_by_gate',
        exitCode: 3,
        failure: { kind: 'hook_stopped', hook: 'no', moment: 'before', phase },
      })
      expect(judged(run.events)).toEqual([['no', 'failed']])
      expect(eventsOf(run.events, 'group.started')).toEqual([])
      expect(await fixture.read()).toEqual(before)
      expect(await fixture.prepared()).toEqual([])
    },
  )

  it('after the canary has committed leaves it so, rolls every other vote back, and asks for a human', async () => {
    const before = await fixture.read()
    const run = await fixture.run(
      withHooks([
        hook('shop', { after: 'migration_execution' }, { per: 'group', ...failing }),
        hook('told', { after: 'rollback' }),
      ]),
    )
    expect(run).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'hook_stopped', hook: 'shop', moment: 'after', phase: 'migration_execution' },
    })
    expect(eventsOf(run.events, 'tenant.committed').map(event => event.tenant)).toEqual(['acorn'])
    const { acorn, ...rest } = await fixture.read()
    expect(acorn?.heads).toEqual(['0002'])
    expect(rest).toEqual({ birch: before.birch, cedar: before.cedar })
    expect(await fixture.prepared()).toEqual([])
    expect(readTold().at(-1)).toMatchObject({
      hook: 'told',
      phase: 'rollback',
      committed: ['acorn'],
      failure: { kind: 'hook_stopped' },
    })
  })

  it('before a later group of its own vote leaves that group untouched', async () => {
    const only = { command: ['sh', '-c', 'grep -q \'"group":"canary","tenants"\''] }
    const run = await fixture.run(
      withHooks([hook('gate', { before: 'migration_execution' }, { per: 'group', ...only })], {
        vote: 'group',
      }),
    )
    expect(run).toMatchObject({ outcome: 'needs_human', failure: { kind: 'hook_stopped' } })
    expect(eventsOf(run.events, 'group.started').map(event => event.group)).toEqual(['canary'])
    expect(
      eventsOf(run.events, 'rollback.proven')
        .map(({ tenant, equal }) => [tenant, equal])
        .sort(),
    ).toEqual([
      ['birch', true],
      ['cedar', true],
    ])
  })

  it('after a rollback makes the state unproven', async () => {
    await fixture.sandbox.query(duplicateEmail, 'cedar')
    const run = await fixture.run(withHooks([hook('proof', { after: 'rollback' }, failing)]))
    expect(run).toMatchObject({ outcome: 'needs_human', exitCode: 6, failure: { tenant: 'cedar' } })
    expect(judged(run.events)).toEqual([['proof', 'failed']])
    expect(await fixture.prepared()).toEqual([])
  })

  it('has no longer than the votes of others may be held, whatever its own deadline', async () => {
    const sleeping = { command: ['sleep', '60'], timeoutSeconds: 300, per: 'group' }
    const run = await fixture.run(
      withHooks([hook('slow', { after: 'migration_execution' }, sleeping)], {
        execution: { voteDeadlineSeconds: 3 },
      }),
    )
    expect(run).toMatchObject({ outcome: 'needs_human', failure: { kind: 'deadline_passed', seconds: 3 } })
    const held = eventsOf(run.events, 'group.finished').find(event => event.group === 'rest')
    expect(held).toMatchObject({ result: 'rolled_back' })
    expect(held?.volatile.windowMs).toBeLessThan(20_000)
    expect(await fixture.prepared()).toEqual([])
  })

  it.each([
    ['hangs', { command: ['sleep', '60'], timeoutSeconds: 0.3 }, 'inconclusive', /no end within 0.3 s/],
    ['is missing', { command: ['./no-such-hook'] }, 'failed', /could not be started: ENOENT/],
    ['is not executable', { command: ['./plain.txt'] }, 'failed', /could not be started: EACCES/],
    ['dies by a signal', { command: ['sh', '-c', 'kill -9 $$'] }, 'failed', /ended by SIGKILL/],
  ] as const)('because it %s, stops the run with a reason', async (_what, more, verdict, fact) => {
    writeFileSync(join(fixture.folder, 'plain.txt'), 'text')
    chmodSync(join(fixture.folder, 'plain.txt'), 0o644)
    const run = await fixture.run(withHooks([hook('no', { before: 'planning' }, more)]))
    expect(run).toMatchObject({ exitCode: 3, failure: { kind: 'hook_stopped' } })
    const [event] = eventsOf(run.events, 'hook.judged')
    expect(event?.answer.verdict).toBe(verdict)
    expect(event?.answer.evidence[0]?.fact).toMatch(fact)
  })

  it('because somebody interrupts, ends with it, and the run says so', async () => {
    const abort = new AbortController()
    const run = await fixture.run({
      ...withHooks([hook('slow', { after: 'planning' }, { command: ['sleep', '60'] })]),
      interruption: { signal: abort.signal, name: () => 'SIGINT' },
      readers: [
        event => {
          if (event.type === 'phase.finished' && event.phase === 'planning') abort.abort(new Error('SIGINT'))
        },
      ],
    })
    expect(run).toMatchObject({ outcome: 'interrupted', exitCode: 130 })
    expect(judged(run.events)).toEqual([['slow', 'inconclusive']])
  })

  it('is asked once: those after it are not', async () => {
    const run = await fixture.run(
      withHooks([hook('first', { before: 'approval' }, failing), hook('second', { before: 'approval' })]),
    )
    expect(judged(run.events)).toEqual([['first', 'failed']])
  })
})

describe('assertions in SQL', () => {
  const withSql = (sql: string, more: object = {}) => ({
    settings: {
      hooks: { sql: [{ name: 'ask', sql, before: 'approval', timeoutSeconds: 1, ...more }] },
    },
  })

  it('are asked of every tenant in a transaction that can only read', async () => {
    const run = await fixture.run(
      withSql(
        "select count(*) = 2 and current_setting('transaction_read_only') = 'on' as fine from users -- rows",
      ),
    )
    expect(run).toMatchObject({ outcome: 'migrated' })
    const answers = eventsOf(run.events, 'hook.judged')
    expect(answers.map(event => [event.tenant, event.group, event.answer.verdict])).toEqual([
      ['acorn', 'canary', 'passed'],
      ['birch', 'rest', 'passed'],
      ['cedar', 'rest', 'passed'],
    ])
    expect(answers[0]?.answer.evidence).toEqual([{ tenant: 'acorn', fact: 'fine=true' }])
  })

  it.each([
    [
      'is false for one tenant',
      'select count(*) = 2 as two, count(*) as n from users',
      'failed',
      'two is false',
    ],
    ['gives no row', 'select true where false', 'failed', 'no row'],
    ['is not a boolean', 'select 1 as one', 'failed', 'one is 1'],
    ['is null', 'select null::boolean as x', 'failed', 'x is null'],
    ['breaks', 'select 1 / 0', 'failed', 'Division by zero'],
    ['is not SQL', 'selec true', 'failed', 'not SQL'],
    ['is two statements', 'select true; select false', 'failed', '2 statements'],
    ['would write', 'with gone as (delete from users returning id) select true from gone', 'failed', ''],
    ['is slow', 'select pg_sleep(60) is null', 'inconclusive', 'no answer within 1 s'],
  ])('that %s stop the run', async (_what, sql, verdict, value) => {
    await fixture.sandbox.query("insert into users values (9, 'nina@example.org')", 'cedar')
    const run = await fixture.run(withSql(sql))
    expect(run).toMatchObject({ exitCode: 3, failure: { kind: 'hook_stopped', hook: 'ask' } })
    const last = eventsOf(run.events, 'hook.judged').at(-1)
    expect(last).toMatchObject({ tenant: 'cedar', answer: { verdict } })
    expect(last?.answer.value.toLowerCase()).toContain(value.toLowerCase())
    expect(await fixture.sandbox.query('select count(*)::int as n from users', 'cedar')).toEqual([{ n: 3 }])
  })

  it('give no more rows than a person reads', async () => {
    const run = await fixture.run(
      withSql("select n < 0 as negative, repeat('x', 1000000) as long from generate_series(1, 1000) n"),
    )
    const [event] = eventsOf(run.events, 'hook.judged')
    expect(event?.answer.evidence).toHaveLength(6)
    expect(JSON.stringify(event).length).toBeLessThan(4_000)
  })
})

describe('addresses', () => {
  let server: Server
  const seen: string[] = []
  let failures = 0
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request.url ?? '')
      failures -= 1
      response.statusCode = failures >= 0 ? 503 : 200
      response.end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => new Promise<void>(resolve => server.close(() => resolve())))

  it('are asked again after an answer that is not the wanted one, for each tenant by its name', async () => {
    failures = 1
    seen.length = 0
    const { port } = server.address() as AddressInfo
    const http = [
      {
        name: 'up',
        url: `http://127.0.0.1:${port}/{group}/{tenant}`,
        after: 'smoke_test',
        per: 'tenant',
        retries: 2,
      },
    ]
    const run = await fixture.run({ settings: { hooks: { http } } })
    expect(run).toMatchObject({ outcome: 'migrated' })
    expect([...new Set(seen)].sort()).toEqual(['/canary/acorn', '/rest/birch', '/rest/cedar'])
    expect(seen).toHaveLength(4)
    expect(judged(run.events)).toEqual([
      ['up', 'passed'],
      ['up', 'passed'],
      ['up', 'passed'],
    ])
  })
})
