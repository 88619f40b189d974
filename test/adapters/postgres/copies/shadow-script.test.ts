import { expect, test } from 'vitest'
import { isShadowName, newShadowName } from '../../../../electron/adapters/postgres/copies/shadow-names.ts'
import { readableByServer } from '../../../../electron/adapters/postgres/copies/shadow-script.ts'

test('leaves out of a dump what only psql or a newer server reads, and nothing else', () => {
  const script = [
    '\\restrict abcDEF123',
    'SET statement_timeout = 0;',
    'SET transaction_timeout = 0;',
    'CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $$',
    "select '\\restrict of a text'",
    '$$;',
    '\\unrestrict abcDEF123',
  ].join('\n')
  expect(readableByServer(script)).toBe(
    [
      'SET statement_timeout = 0;',
      'CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $$',
      "select '\\restrict of a text'",
      '$$;',
    ].join('\n'),
  )
})

test('a copy is known by its name, and a tenant with a similar one is none', () => {
  expect(isShadowName(newShadowName())).toBe(true)
  expect(newShadowName()).not.toBe(newShadowName())
  for (const name of ['lockstep_shadow_', 'lockstep_shadow_acorn', 'my_lockstep_shadow_0123456789ab']) {
    expect(isShadowName(name)).toBe(false)
  }
})
