import { expect, it } from 'vitest'
import { findDuplicatesQuery } from '../../../shared/failure/find-duplicates-query.ts'

const refused = {
  kind: 'migration_failed',
  tenant: 'dogwood',
  revision: '0003',
  message: 'refused',
  sqlstate: '23505',
} as const

it.each([
  [
    'ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email)',
    'Key (email)=(...) is duplicated.',
    'select email, count(*) from customers group by email having count(*) > 1',
  ],
  [
    'create unique index concurrently u on app.seats (a, lower(b))',
    'Key (a, b)=(...) is duplicated.',
    'select a, b, count(*) from app.seats group by a, b having count(*) > 1',
  ],
])('the rows behind a refused unique constraint are found by a query: %s', (statement, detail, query) => {
  expect(findDuplicatesQuery({ ...refused, statement, detail })).toBe(query)
})

it('no query is made up where the statement does not name a table, or another rule was broken', () => {
  expect(
    findDuplicatesQuery({
      ...refused,
      statement: 'insert into a values (1)',
      detail: 'Key (id)=(...) already exists.',
    }),
  ).toBeNull()
  expect(
    findDuplicatesQuery({
      ...refused,
      sqlstate: '23503',
      statement: 'alter table a add x int',
      detail: 'Key (x)=(...)',
    }),
  ).toBeNull()
})
