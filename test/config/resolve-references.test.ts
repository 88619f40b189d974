import { describe, expect, it } from 'vitest'
import { resolveReferences } from '../../electron/settings/resolve-references.ts'

const lookup = {
  env: (name: string) => ({ HOST: 'db', EMPTY: '', TRICK: `\${env:HOST} $& $1` })[name],
  file: (path: string) => ({ './secret': 'hunter2\n', windows: 'hunter2\r\n' })[path],
}

describe('references in a value', () => {
  it.each([
    ['plain', 'plain'],
    [`\${env:HOST}.example.org`, 'db.example.org'],
    [`\${env:HOST}:\${env:HOST}`, 'db:db'],
    [`\${env:EMPTY}`, ''],
    [`\${file:./secret}`, 'hunter2'],
    [`\${file:windows}`, 'hunter2'],
    [`\${other:HOST} $HOST \${HOST}`, `\${other:HOST} $HOST \${HOST}`],
    [`\${env:TRICK}`, `\${env:HOST} $& $1`],
  ])('are replaced once: %s', (value, resolved) => {
    expect(resolveReferences(value, lookup)).toBe(resolved)
  })

  it('that stand for nothing are named, the first of them', () => {
    expect(resolveReferences(`\${env:HOST} \${file:nowhere} \${env:NOTHING}`, lookup)).toEqual({
      reference: `\${file:nowhere}`,
    })
  })
})
