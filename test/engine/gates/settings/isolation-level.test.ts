import { expect, test } from 'vitest'
import { isolationLevel } from '../../../../electron/engine/gates/settings/isolation-level.ts'
import type { EffectiveSetting } from '../../../../electron/engine/ports/gate-facts.ts'
import { createContext, never } from '../fake-context.ts'

function contextWith(...settings: readonly EffectiveSetting[]) {
  return createContext({
    facts: { readSettings: async tenant => (tenant.name === 'birch' ? settings : sound) },
  })
}

const sound: readonly EffectiveSetting[] = [
  { name: 'deadlock_timeout', setting: '1000', source: 'default' },
  { name: 'default_transaction_isolation', setting: 'read committed', source: 'default' },
  { name: 'default_transaction_read_only', setting: 'off', source: 'default' },
  { name: 'idle_in_transaction_session_timeout', setting: '0', source: 'default' },
  { name: 'session_replication_role', setting: 'origin', source: 'default' },
  { name: 'synchronous_commit', setting: 'on', source: 'default' },
  { name: 'transaction_timeout', setting: '0', source: 'default' },
]

test('lets sessions through that are what a migration needs', async () => {
  expect(await isolationLevel.judge(contextWith(...sound), never)).toMatchInlineSnapshot(`
    {
      "evidence": [],
      "remedy": "",
      "threshold": "read committed",
      "value": "read committed in 2 tenants",
      "verdict": "passed",
    }
  `)
})

test('stops at another isolation level, and names the statement that takes it back', async () => {
  const context = contextWith({
    name: 'default_transaction_isolation',
    setting: 'serializable',
    source: 'database',
  })
  expect(await isolationLevel.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "default_transaction_isolation is serializable (set by: database): not among the allowed levels (read committed)",
          "tenant": "birch",
        },
      ],
      "remedy": "alter database birch reset default_transaction_isolation;",
      "threshold": "read committed",
      "value": "read committed in 1 tenant, serializable in 1 tenant",
      "verdict": "failed",
    }
  `)
})

test('stops at a login that is read only, or that does not check foreign keys', async () => {
  const answer = await isolationLevel.judge(
    contextWith(
      ...sound.filter(({ name }) => name === 'default_transaction_isolation'),
      { name: 'default_transaction_read_only', setting: 'on', source: 'database user' },
      { name: 'session_replication_role', setting: 'replica', source: 'user' },
    ),
    never,
  )
  expect(answer).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "default_transaction_read_only is on (set by: database user): a migration cannot write",
          "tenant": "birch",
        },
        {
          "fact": "session_replication_role is replica (set by: user): foreign keys and triggers would not be checked",
          "tenant": "birch",
        },
      ],
      "remedy": "alter role current_user in database birch reset default_transaction_read_only;
    alter role current_user reset session_replication_role;",
      "threshold": "read committed",
      "value": "read committed in 2 tenants",
      "verdict": "failed",
    }
  `)
})

test('warns of time limits that can end a migration in the middle', async () => {
  const answer = await isolationLevel.judge(
    contextWith(
      ...sound.filter(({ name }) => name === 'default_transaction_isolation'),
      { name: 'transaction_timeout', setting: '5000', source: 'configuration file' },
      { name: 'idle_in_transaction_session_timeout', setting: '1000', source: 'database' },
      { name: 'synchronous_commit', setting: 'off', source: 'client' },
      { name: 'deadlock_timeout', setting: '3000', source: 'default' },
    ),
    never,
  )
  expect(answer).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "transaction_timeout is 5 s (set by: configuration file): ends a migration before its statement limit of 600 s",
          "tenant": "birch",
        },
        {
          "fact": "idle_in_transaction_session_timeout is 1 s (set by: database): can end a transaction while it is looked at before its vote (up to 120 s)",
          "tenant": "birch",
        },
        {
          "fact": "synchronous_commit is off (set by: client): a commit that was reported can be lost in a crash",
          "tenant": "birch",
        },
        {
          "fact": "deadlock_timeout is 3 s (set by: default): autovacuum gives way only after that, and a migration waits for a lock only 2 s",
          "tenant": "birch",
        },
      ],
      "remedy": "alter system reset transaction_timeout; select pg_reload_conf();
    alter database birch reset idle_in_transaction_session_timeout;
    Remove synchronous_commit from PGOPTIONS or the connection options.
    Raise execution.lockTimeoutSeconds above deadlock_timeout.",
      "threshold": "read committed",
      "value": "read committed in 2 tenants",
      "verdict": "warned",
    }
  `)
})

test('cannot judge a login whose level is not told', async () => {
  expect(await isolationLevel.judge(contextWith(), never)).toMatchObject({
    verdict: 'inconclusive',
    evidence: [{ tenant: 'birch', fact: 'the effective isolation level could not be read' }],
  })
})
