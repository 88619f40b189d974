import { z } from 'zod'

/** Keys that the schema knows at a path of the configuration; empty where it holds no object. */
export function knownKeysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current = unwrap(schema)
  for (const part of path) {
    const next = step(current, part)
    if (!next) return []
    current = unwrap(next)
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : []
}

function step(schema: z.ZodType, part: PropertyKey): z.ZodType | null {
  if (schema instanceof z.ZodObject) return (schema.shape[String(part)] as z.ZodType | undefined) ?? null
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType
  return null
}

function unwrap(schema: z.ZodType): z.ZodType {
  let current = schema
  while (
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodOptional
  ) {
    current = current.unwrap() as z.ZodType
  }
  return current
}
