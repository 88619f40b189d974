import { describe, expect, it } from 'vitest'
import { type Credentials, findCredentials } from '../../electron/discovery/find-credentials.ts'
import { inheritLogin } from '../../electron/discovery/inherit-login.ts'

type Environment = Readonly<Record<string, string>>

const primary = { POSTGRES_USER: 'shop', POSTGRES_PASSWORD: 'secret' }

function loginOf(standby: Environment, copies: Readonly<Record<string, string>> = { standby: 'primary' }) {
  const own = new Map<string, Credentials>(
    Object.entries({ primary, standby, reports: { POSTGRES_USER: 'rep', POSTGRES_PASSWORD: 'other' } }).map(
      ([name, environment]) => [name, findCredentials(environment, () => undefined)],
    ),
  )
  const { user, password } = inheritLogin('standby', own, new Map(Object.entries(copies)))
  return `${user}:${password}`
}

describe('the login of a standby', () => {
  it.each<[string, Environment, string]>([
    ['has none of its own: that of the server it copies', {}, 'shop:secret'],
    ['names the same user without a password', { POSTGRES_USER: 'shop' }, 'shop:secret'],
    ['repeats the password alone', { POSTGRES_PASSWORD: 'secret' }, 'shop:secret'],
    ['has a user of its own', { POSTGRES_USER: 'reader' }, 'reader:null'],
    ['has a password of its own', { POSTGRES_PASSWORD: 'mine' }, 'postgres:mine'],
    ['asks for no password', { POSTGRES_HOST_AUTH_METHOD: 'trust' }, 'shop:'],
    [
      'has a user of its own and asks for no password',
      { POSTGRES_HOST_AUTH_METHOD: 'trust', POSTGRES_USER: 'reader' },
      'reader:',
    ],
  ])('when it %s', (_what, environment, login) => {
    expect(loginOf(environment)).toBe(login)
  })

  it('is its own where it copies nobody', () => {
    expect(loginOf({}, {})).toBe('postgres:null')
  })

  it('comes through a standby in between, and ends where two are said to copy one another', () => {
    expect(loginOf({}, { standby: 'reports', reports: 'primary' })).toBe('rep:other')
    expect(loginOf({}, { standby: 'reports', reports: 'standby' })).toBe('rep:other')
    expect(loginOf({}, { standby: 'standby' })).toBe('postgres:null')
  })
})
