import type { ColumnType } from '../../catalog/catalog-item.ts'
import type { SyntaxNode } from '../../sql/syntax-node.ts'
import { isServerType, readServerType, readType, serialTypes } from '../lint/tree/column-type.ts'

/** The type of the column that a `TypeName` makes. */
export function readMadeType(node: SyntaxNode): ColumnType {
  const type = readType(node)
  const counted = type.isArray ? undefined : serialTypes.get(type.name)
  return counted === undefined ? type : readServerType(counted)
}

/** Whether two types are surely not the same: user-defined ones may be in any schema. */
export function areDifferentTypes(a: ColumnType, b: ColumnType): boolean {
  if (!isServerType(a, ...compared) || !isServerType(b, ...compared)) return false
  return describe(a) !== describe(b)
}

function describe({ name, isArray, arguments: numbers }: ColumnType): string {
  // A precision without a scale has the scale 0.
  const all = name === 'numeric' && numbers.length === 1 ? [...numbers, 0] : numbers
  return `${name}(${all.join()})${isArray ? '[]' : ''}`
}

const compared: readonly string[] = [
  'int2',
  'int4',
  'int8',
  'bool',
  'float4',
  'float8',
  'numeric',
  'text',
  'varchar',
  'timestamp',
  'timestamptz',
  'date',
  'uuid',
  'json',
  'jsonb',
  'bytea',
]
