import { expect, it } from 'vitest'
import { findConnectionLimit, mendConnectionLimit } from '../../../shared/failure/connection-limit.ts'

it('tells by the words of the server whose limit is reached', () => {
  expect(findConnectionLimit('too many connections for database "t_a"')).toEqual({
    of: 'database',
    name: 't_a',
  })
  expect(findConnectionLimit('too many connections for role "app ""x"')).toEqual({
    of: 'role',
    name: 'app ""x',
  })
  for (const words of [
    'sorry, too many clients already',
    'remaining connection slots are reserved for roles with the SUPERUSER attribute',
    'remaining connection slots are reserved for non-replication superuser connections',
  ])
    expect(findConnectionLimit(words)).toEqual({ of: 'server' })
})

it('gives the statement for what has the limit, and claims nothing of words that it does not know', () => {
  expect(mendConnectionLimit('too many connections for role "Migrator"')).toContain(
    'alter role "Migrator" connection limit -1;',
  )
  expect(mendConnectionLimit('zu viele Verbindungen')).toContain('of the database, the role or the server')
})
