import { expect, it } from 'vitest'
import { quoteIdentifier, quoteLiteral } from '../../electron/sql/quote-identifier.ts'

it.each([
  ['plain', '"plain"'],
  ['Order', '"Order"'],
  ['a"b', '"a""b"'],
])('quotes the name %s as %s', (name, quoted) => {
  expect(quoteIdentifier(name)).toBe(quoted)
})

it.each([
  ['plain', "'plain'"],
  ["o'clock", "'o''clock'"],
  ['back\\slash', " E'back\\\\slash'"],
])('quotes the value %s as %s, which no setting of the server reads otherwise', (value, quoted) => {
  expect(quoteLiteral(value)).toBe(quoted)
})
