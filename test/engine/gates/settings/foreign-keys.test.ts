import { expect, test } from 'vitest'
import { foreignKeys } from '../../../../electron/engine/gates/settings/foreign-keys.ts'
import type { ForeignKeyFacts, GateFacts } from '../../../../electron/engine/ports/gate-facts.ts'
import { createContext, never } from '../fake-context.ts'

function key(changes: Partial<ForeignKeyFacts> = {}): ForeignKeyFacts {
  return {
    table: 'public.orders',
    constraint: 'orders_customer',
    validated: true,
    enforced: true,
    orphans: 0,
    counted: true,
    query: 'select c.* from orders c;',
    ...changes,
  }
}

/** All tenants have a sound key; birch has these too. */
function contextWith(keys: readonly ForeignKeyFacts[], facts: Partial<GateFacts> = {}) {
  return createContext({
    facts: {
      readForeignKeys: async tenant => (tenant.name === 'birch' ? [key(), ...keys] : [key()]),
      ...facts,
    },
  })
}

test('lets tenants through whose foreign keys hold', async () => {
  expect(await foreignKeys.judge(contextWith([]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [],
      "remedy": "",
      "threshold": "0 orphan rows",
      "value": "0 orphan rows in 2 foreign keys of 2 tenants",
      "verdict": "passed",
    }
  `)
})

test('stops at orphans, with the statement that shows them', async () => {
  const context = contextWith([key({ constraint: 'orders_shop', validated: false, orphans: 2 })])
  expect(await foreignKeys.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "public.orders.orders_shop (not valid): 2 rows without a parent",
          "tenant": "birch",
        },
      ],
      "remedy": "Repair or delete the rows that this shows: select c.* from orders c;
    then: alter table public.orders validate constraint orders_shop;",
      "threshold": "0 orphan rows",
      "value": "2 orphan rows in 3 foreign keys of 2 tenants",
      "verdict": "failed",
    }
  `)
})

test('only warns of orphans within the limit, and of constraints that are not valid or not enforced', async () => {
  const base = contextWith([
    key({ constraint: 'a', orphans: 1001 }),
    key({ constraint: 'B b', validated: false }),
    key({ constraint: 'c', validated: false, enforced: false }),
  ])
  const settings = { ...base.settings, foreign_keys: { maxOrphans: 2000, timeoutSeconds: 60 } }
  expect(await foreignKeys.judge({ ...base, settings }, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "public.orders.a: more than 1000 rows without a parent",
          "tenant": "birch",
        },
        {
          "fact": "public.orders.B b (not valid): no row without a parent",
          "tenant": "birch",
        },
        {
          "fact": "public.orders.c (not enforced): no row without a parent",
          "tenant": "birch",
        },
      ],
      "remedy": "Repair or delete the rows that this shows: select c.* from orders c;
    alter table public.orders validate constraint "B b";
    alter table public.orders alter constraint c enforced;",
      "threshold": "2000 orphan rows",
      "value": "1001 orphan rows in 5 foreign keys of 2 tenants",
      "verdict": "warned",
    }
  `)
})

test('stops at a foreign key whose triggers are switched off', async () => {
  const context = contextWith([], {
    readDisabledForeignKeyTriggers: async tenant =>
      tenant.name === 'birch' ? [{ table: 'public.orders', constraint: 'orders_customer' }] : [],
  })
  expect(await foreignKeys.judge(context, never)).toMatchObject({
    verdict: 'failed',
    evidence: [
      {
        tenant: 'birch',
        fact: 'the triggers on public.orders that enforce foreign key orders_customer are switched off',
      },
    ],
    remedy: 'alter table public.orders enable trigger all;',
  })
})

test('cannot judge rows that were not counted in time', async () => {
  expect(await foreignKeys.judge(contextWith([key({ counted: false })]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "public.orders.orders_customer: rows without a parent were not counted in time",
          "tenant": "birch",
        },
      ],
      "remedy": "Raise gates.foreign_keys.timeoutSeconds, or add an index on the referencing columns.",
      "threshold": "0 orphan rows",
      "value": "0 orphan rows in 3 foreign keys of 2 tenants, 1 not counted",
      "verdict": "inconclusive",
    }
  `)
})

test('does not apply where there are no foreign keys', async () => {
  expect(await foreignKeys.judge(createContext(), never)).toMatchObject({ verdict: 'not_applicable' })
})
