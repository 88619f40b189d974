import { describe, expect, it } from 'vitest'
import { hidePasswords, redactSql } from '../../electron/sql/redact-sql.ts'

const secret = 'hunter2'

describe('SQL on its way into plan and log', () => {
  it.each([
    `create role app login password '${secret}'`,
    `alter role app with encrypted PASSWORD   '${secret}' valid until 'infinity'`,
    `alter role app password e'${secret}\\'s'`,
    `alter role app password U&'${secret}'`,
    `alter role app password '${secret}''s'`,
    `alter role app password '${secret}\\'`,
    `alter role app password $$${secret}$$`,
    `alter role app password $pw$${secret}$$x$pw$`,
    `create user mapping for app server s options (user 'app', password '${secret}')`,
    `create subscription s connection 'host=db password=${secret} dbname=x' publication p`,
    `create subscription s connection 'host=db password=''${secret} x'' dbname=x' publication p`,
    `select dblink_connect('postgresql://app:${secret}@db/x')`,
    `alter role a password '${secret}'; alter role b password '${secret}'`,
  ])('loses the password of %s', sql => {
    expect(hidePasswords(sql)).not.toContain(secret)
    expect(hidePasswords(sql)).toContain('***')
  })

  it.each([
    'alter table users add column password text',
    "comment on column users.password is 'hashed'",
    'select password_hash from users where id = 1',
    "update settings set value = 'http://example.org/a:b@c'",
  ])('keeps %s', sql => {
    expect(hidePasswords(sql)).toBe(sql)
  })

  it('keeps what follows a password', () => {
    expect(hidePasswords(`alter role a password '${secret}' nologin; select 'x'`)).toBe(
      "alter role a password '***' nologin; select 'x'",
    )
  })

  it('is cut where it is very long, and says how long it was', () => {
    const cut = redactSql(`select '${'x'.repeat(10_000)}'`)
    expect(cut.length).toBeLessThan(4_100)
    expect(cut).toMatch(/ \.\.\. \(10009 characters\)$/)
  })
})
