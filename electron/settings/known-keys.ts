import { z } from 'zod'

/** Keys that the schema knows at a path of the configuration; empty where it holds no object. */
export function knownKeysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const found = findSchema(schema, path)
  return found instanceof z.ZodObject ? Object.keys(found.shape) : []
}

/** What the key at a path means, as its schema says; null where it does not. Any place in a list, any name in a map. */
export function wordsOfKey(schema: z.ZodType, path: readonly string[]): string | null {
  const last = path.at(-1)
  const parent = findSchema(schema, path.slice(0, -1))
  const key = parent && last !== undefined ? step(parent, last) : null
  return key === null ? null : readWords(key)
}

function readWords(schema: z.ZodType): string | null {
  return schema.description ?? (isWrapper(schema) ? readWords(schema.unwrap() as z.ZodType) : null)
}

function findSchema(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | null {
  let current = unwrap(schema)
  for (const part of path) {
    const next = step(current, part)
    if (!next) return null
    current = unwrap(next)
  }
  return current
}

function step(schema: z.ZodType, part: PropertyKey): z.ZodType | null {
  if (schema instanceof z.ZodObject) return (schema.shape[String(part)] as z.ZodType | undefined) ?? null
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType
  return null
}

function unwrap(schema: z.ZodType): z.ZodType {
  let current = schema
  while (isWrapper(current)) current = current.unwrap() as z.ZodType
  return current
}

/** Around what it is when nothing is said. */
function isWrapper(schema: z.ZodType): schema is z.ZodDefault | z.ZodPrefault | z.ZodOptional {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
}
