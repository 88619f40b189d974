import { describe, expect, it } from 'vitest'
import { matchPassword } from '../../../../electron/adapters/postgres/session/find-password.ts'

const wanted = ['db.example', '5432', 'acorn', 'owner']

describe('a password file', () => {
  it('gives the password of the first line that matches', () => {
    const text = [
      '# db.example:5432:acorn:owner:comment',
      '',
      'db.example:5433:acorn:owner:other',
      '*:*:acorn:owner:one',
      '*:*:*:*:two',
    ].join('\n')
    expect(matchPassword(text, wanted)).toBe('one')
  })

  it('reads escaped colons and backslashes, and further colons as part of the password', () => {
    expect(matchPassword('db.example:5432:acorn:owner:a\\:b\\\\c:d\r\n', wanted)).toBe('a:b\\c:d')
    expect(matchPassword('\\:\\:1:5432:a\\\\b:owner:x', ['::1', '5432', 'a\\b', 'owner'])).toBe('x')
  })

  it('takes an escaped star for a star', () => {
    expect(matchPassword('\\*:5432:acorn:owner:x', wanted)).toBeNull()
    expect(matchPassword('\\*:5432:acorn:owner:x', ['*', '5432', 'acorn', 'owner'])).toBe('x')
  })

  it('has nothing for anybody else, and skips lines that are cut', () => {
    expect(matchPassword('db.example:5432:acorn', wanted)).toBeNull()
    expect(matchPassword('', wanted)).toBeNull()
  })
})
