import { z } from 'zod'
import { protocolSchema } from '../protocol/protocol-schema.ts'
import { wordsOfKey } from '../settings/key-words.ts'
import { projectConfigSchema } from './project-config.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/** The JSON Schema (2020-12) of `lockstep.yml`: editors complete and explain with it. */
export function configJsonSchema(): JsonSchema {
  return publish(projectConfigSchema, 'urn:lockstep:config:1', 'lockstep.yml')
}

/** The JSON Schema (2020-12) of the blocks of a protocol, all taken together. */
export function protocolJsonSchema(): JsonSchema {
  return publish(protocolSchema, 'urn:lockstep:protocol:1', 'Settings of a Lockstep protocol')
}

function publish(schema: z.ZodType, id: string, title: string): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
  return { $schema, $id: id, title, ...explain(rest, []) }
}

/** Puts what is known of each key beside it. */
function explain(schema: JsonSchema, path: readonly string[]): JsonSchema {
  const explained: Record<string, unknown> = { ...schema }
  if (isSchema(schema.properties)) {
    explained.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, inner]) => [key, explainKey(inner, [...path, key])]),
    )
  }
  if (isSchema(schema.items)) explained.items = explain(schema.items, path)
  if (isSchema(schema.additionalProperties))
    explained.additionalProperties = explain(schema.additionalProperties, path)
  return explained
}

function explainKey(inner: unknown, path: readonly string[]): unknown {
  if (!isSchema(inner)) return inner
  const description = wordsOfKey(path)
  const explained = explain(inner, path)
  const described = description === null ? explained : { description, ...explained }
  // The only number that may be a reference: as text, it is read after the reference is put in.
  if (path.join('.') !== 'servers.port') return described
  const { description: words, ...number } = described
  return {
    description: words,
    anyOf: [number, { type: 'string', pattern: '\\$\\{(env|file):[^}]+\\}|^\\d+$' }],
  }
}

function isSchema(value: unknown): value is JsonSchema {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
