import { describe, expect, it } from 'vitest'
import { findCredentials } from '../../electron/discovery/find-credentials.ts'

const files = new Map([['/run/secrets/password', 'from a file\n']])
const find = (environment: Readonly<Record<string, string | null>>) =>
  findCredentials(environment, path => files.get(path))

describe('credentials', () => {
  it.each<[string, Readonly<Record<string, string | null>>, string, string | null, string | null]>([
    ['the defaults of the official image', {}, 'postgres', null, null],
    ['a password', { POSTGRES_PASSWORD: 'one' }, 'postgres', 'one', null],
    [
      'a user, who names the first database',
      { POSTGRES_USER: 'shop', POSTGRES_PASSWORD: 'one' },
      'shop',
      'one',
      'shop',
    ],
    ['a database', { POSTGRES_USER: 'shop', POSTGRES_DB: 'orders' }, 'shop', null, 'orders'],
    [
      'a secret file without its line end',
      { POSTGRES_PASSWORD_FILE: '/run/secrets/password' },
      'postgres',
      'from a file',
      null,
    ],
    [
      'a secret file that cannot be read',
      { POSTGRES_PASSWORD_FILE: '/run/secrets/gone' },
      'postgres',
      null,
      null,
    ],
    ['a variable that is passed through and unset', { POSTGRES_PASSWORD: null }, 'postgres', null, null],
    ['Bitnami', { POSTGRESQL_PASSWORD: 'two', POSTGRESQL_DATABASE: 'orders' }, 'postgres', 'two', 'orders'],
    [
      'Bitnami with a user alone',
      { POSTGRESQL_USERNAME: 'shop', POSTGRESQL_PASSWORD: 'two' },
      'shop',
      'two',
      null,
    ],
    [
      'Bitnami with both, where the superuser wins',
      { POSTGRESQL_USERNAME: 'shop', POSTGRESQL_PASSWORD: 'two', POSTGRESQL_POSTGRES_PASSWORD: 'three' },
      'postgres',
      'three',
      null,
    ],
    [
      'Bitnami with a secret file',
      { POSTGRESQL_PASSWORD_FILE: '/run/secrets/password' },
      'postgres',
      'from a file',
      null,
    ],
    ['trust, which needs no password', { POSTGRES_HOST_AUTH_METHOD: 'trust' }, 'postgres', '', null],
    [
      'trust beside a password of its own',
      { POSTGRES_HOST_AUTH_METHOD: 'trust', POSTGRES_PASSWORD: 'one' },
      'postgres',
      'one',
      null,
    ],
    [
      'Bitnami without a password on purpose',
      { POSTGRESQL_DATABASE: 'orders', ALLOW_EMPTY_PASSWORD: 'yes' },
      'postgres',
      '',
      'orders',
    ],
    ['Spilo', { PGPASSWORD_SUPERUSER: 'four' }, 'postgres', 'four', null],
  ])('are read from %s', (_what, environment, user, password, initialDatabase) => {
    expect(find(environment)).toMatchObject({ user, password, database: 'postgres', initialDatabase })
  })
})
