import type { SyntaxNode } from '../../sql/syntax-node.ts'
import { readType, serialTypes } from '../lint/tree/column-type.ts'

/** A `TypeName` as `format_type` writes it, so that both can be compared. */
export function formatType(node: SyntaxNode): string {
  const { sql, name, isArray } = readType(node)
  const counted = serialTypes.get(name)
  if (counted !== undefined && !isArray) return counted
  // The length of a time stands before its zone.
  return sql.replace(/^(time(?:stamp)?) (with(?:out)? time zone)\((\d+)\)/, '$1($3) $2')
}

/** Whether two types, each as `format_type` writes it, are surely not the same. */
export function areDifferentTypes(a: string, b: string): boolean {
  return isBuiltIn(a) && isBuiltIn(b) && normalise(a) !== normalise(b)
}

function normalise(type: string): string {
  return type.replace(/\s+/g, ' ').replace(/, /g, ',').toLowerCase()
}

/** Of types that somebody made, the schema may or may not be written. */
function isBuiltIn(type: string): boolean {
  const bare = type
    .replace(/\[\]$/, '')
    .replace(/\([\d,\s-]+\)/, '')
    .trim()
  return builtIn.has(bare)
}

const builtIn: ReadonlySet<string> = new Set([
  'smallint',
  'integer',
  'bigint',
  'boolean',
  'real',
  'double precision',
  'numeric',
  'text',
  'character varying',
  'timestamp without time zone',
  'timestamp with time zone',
  'date',
  'uuid',
  'json',
  'jsonb',
  'bytea',
])
