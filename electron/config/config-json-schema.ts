import { z } from 'zod'
import { protocolSchema } from '../protocol/protocol-schema.ts'
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
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodNumber && zodSchema.def.coerce) allowReference(jsonSchema)
    },
  })
  return { $schema, $id: id, title, ...rest }
}

/** A number that is read from text may be a reference: it is read after the reference is put in. */
function allowReference(number: Record<string, unknown>): void {
  const { description, ...asNumber } = number
  for (const key of Object.keys(asNumber)) delete number[key]
  number.anyOf = [asNumber, { type: 'string', pattern: '\\$\\{(env|file):[^}]+\\}|^\\d+$' }]
}
