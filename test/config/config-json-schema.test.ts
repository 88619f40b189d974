import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configJsonSchema, protocolJsonSchema } from '../../electron/config/config-json-schema.ts'
import { hookFactsJsonSchema } from '../../electron/config/hook-facts.ts'
import { readDefaultProtocol } from '../../electron/host/protocol/default-protocol.ts'
import { parseProtocol } from '../../electron/protocol/parse-protocol.ts'

const compile = (schema: object) => new Ajv2020({ strict: false, allErrors: true }).compile(schema)
const validateConfig = compile(configJsonSchema())

/** Every `lockstep.yml` that the repository shows somebody. */
const examples = readdirSync('test/fixtures', { recursive: true, encoding: 'utf8' })
  .filter(name => /(^|\/)lockstep[^/]*\.ya?ml$/.test(name) && !name.includes('wrong'))
  .map(name => join('test/fixtures', name))

const minimal = `version: 1
servers:
  - { name: primary, port: "$\{env:PORT}" }
tenants: { databases: "tenant_*" }
migrations: { sql: {} }
`

describe('the JSON Schema of lockstep.yml', () => {
  it.each([...examples, 'docs/project-file.md', 'docs/quick-start-compose.md'])(
    'takes what %s shows',
    file => {
      const text = readFileSync(file, 'utf8')
      const shown = file.endsWith('.md')
        ? [...text.matchAll(/```ya?ml\n([\s\S]*?)```/g)]
            .map(found => found[1] ?? '')
            .filter(one => /^version: 1/m.test(one))
        : [text]
      expect(shown.length).toBeGreaterThan(0)
      for (const one of shown)
        expect(validateConfig(parse(one)), JSON.stringify(validateConfig.errors)).toBe(true)
    },
  )

  it('takes defaults as not given, and references where a number stands', () => {
    expect(validateConfig(parse(minimal)), JSON.stringify(validateConfig.errors)).toBe(true)
  })

  it.each([
    ['an unknown key', `${minimal}gatez: {}\n`],
    ['an unknown gate', `${minimal}gates: { replica_lagg: {} }\n`],
    ['a wrong type', `${minimal}execution: { lockRetries: many }\n`],
    ['an unknown phase', `${minimal}hooks: { http: [{ name: a, url: b, before: lunch }] }\n`],
  ])('refuses %s', (_what, text) => {
    expect(validateConfig(parse(text))).toBe(false)
  })
})

describe('the JSON Schema of a protocol', () => {
  const validate = compile(protocolJsonSchema())

  it('takes the default protocol', () => {
    const { settings } = parseProtocol(readDefaultProtocol(), 'SKILL.md', {
      env: () => undefined,
      file: () => undefined,
    })
    expect(validate(settings.value), JSON.stringify(validate.errors)).toBe(true)
  })

  it('knows groups by their names, and refuses what says where things are', () => {
    expect(validate({ groups: { canary: { parallel: 1 } } })).toBe(true)
    expect(validate({ groups: { canary: { tenants: 'a' } } })).toBe(false)
    expect(validate({ servers: [] })).toBe(false)
  })
})

/** Every key with its description, as an editor would show it. */
function listKeys(schema: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (schema === null || typeof schema !== 'object') return []
  const { properties = {}, items, additionalProperties, anyOf = [] } = schema as Record<string, never>
  return [
    ...Object.entries<Record<string, unknown>>(properties).flatMap(([key, inner]) => [
      [`${path}${key}`, inner.description] as const,
      ...listKeys(inner, `${path}${key}.`),
    ]),
    ...listKeys(items, path),
    ...listKeys(additionalProperties, path),
    ...Object.values(anyOf).flatMap(inner => listKeys(inner, path)),
  ]
}

it.each([
  ['lockstep.yml', configJsonSchema()],
  ['a protocol', protocolJsonSchema()],
])('every key of %s is explained', (_name, schema) => {
  expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
  const keys = listKeys(schema, '')
  expect(keys.length).toBeGreaterThan(100)
  expect(keys.filter(([, words]) => typeof words !== 'string').map(([key]) => key)).toEqual([])
})

it('facts for hooks have a schema of their own, which refuses facts of another version', () => {
  expect(hookFactsJsonSchema()).toMatchObject({ $id: 'urn:lockstep:hook-facts:1', type: 'object' })
  expect(compile(hookFactsJsonSchema())({ v: 2 })).toBe(false)
})
