import { expect, test } from 'vitest'
import { createSqlParser } from '../../electron/adapters/libpg-query/create-sql-parser.ts'
import { callsOf, judgeCondition } from '../../electron/sql/policy-condition.ts'
import { readNode } from '../../electron/sql/syntax-node.ts'

const parser = createSqlParser()
const own = `tenant_id = current_setting('app.tenant', true)::int`

const conditions = {
  always: [
    'true',
    '1 = 1',
    `'a'::text = 'a'::text`,
    '1 = any (array[1, 2])',
    '2 > 1',
    'not false',
    '(1)::boolean',
    `'yes'::boolean`,
    '1 is not null',
    'null is null',
    `${own} or true`,
    `true or ${own}`,
    `not (${own} and false)`,
    `(${own}) is not false or 1 = 1`,
    `coalesce(${own}, true)`,
    'case when true then true else false end',
    'true is true',
  ],
  never: [
    'false',
    '1 = 0',
    'null::boolean',
    'not true',
    `${own} and false`,
    `'a'::text <> 'a'::text`,
    '1 = null',
    'case when false then true end',
    '1 is null',
  ],
  blind: [
    'id > 0',
    'tenant_id > 0',
    'tenant_id = tenant_id',
    'tenant_id = id',
    'tenant_id is not null',
    'not (tenant_id = 5)',
    `words = 'tenant_id'`,
    `words <> 'current_setting('`,
    'true /* tenant_id = current_setting() */ and id > 0',
    `length(words) > 0`,
    `now() > '2020-01-01'`,
    `current_date > '2020-01-01'::date`,
    `id > 0 or ${own}`,
    `case when id > 0 then true else ${own} end`,
    `case when ${own} then true else id > 0 end`,
    '"Tenant_Id" = 1',
    'exists (select 1)',
    '(select true)',
    `'1.0'::jsonb = '1'::jsonb`,
  ],
  fixed: [
    'tenant_id = 0',
    '0 = tenant_id',
    'tenant_id is null',
    `(tenant_id)::text = 'everybody'::text`,
    'tenant_id = any (array[1, 2])',
    'tenant_id is not distinct from 0',
    'notes.tenant_id = 0 and id > 0',
  ],
  session: [
    own,
    `(${own}) is true`,
    `${own} and id > 0`,
    `${own} or tenant_id = 0`,
    `${own} or tenant_id is null`,
    `tenant_id = my_tenant()`,
    'may_see(id)',
    `owner = current_user`,
    `owner = session_user`,
    `owner = lower(current_user)`,
    'exists (select from members where members.note = id)',
    `case when ${own} then true else false end`,
    `case owner when current_user then true end`,
    `coalesce(${own}, false)`,
    `not (tenant_id <> current_setting('app.tenant')::int)`,
  ],
} as const

const steady = ['lower', 'length', 'coalesce']

test.each(Object.entries(conditions))('lets rows through as %s', async (scope, texts) => {
  const judged = await Promise.all(texts.map(async text => [text, await judge(text)]))
  expect(judged).toEqual(texts.map(text => [text, scope]))
})

test('takes operators and casts of users for what may know who asks', async () => {
  expect(await judge('tenant_id === 5', true)).toBe('session')
  expect(await judge('id::tenant', true)).toBe('session')
  expect(await judge('true', true)).toBe('always')
})

async function judge(condition: string, runsUnseenCode = false): Promise<string> {
  const [statement] = await parser.parse(`select where ${condition}`)
  expect(statement?.problem).toBeUndefined()
  const where = readNode(statement?.node ?? {}, 'whereClause')
  expect(callsOf(where)).not.toContain('tenant_id')
  return judgeCondition(where, {
    column: 'tenant_id',
    isSteady: name => steady.includes(name),
    runsUnseenCode,
  })
}
