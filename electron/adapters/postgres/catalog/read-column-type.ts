import type { ColumnType } from '../../../catalog/catalog-item.ts'

/** A type as `describeType` selects it. */
export interface SelectedType extends Omit<ColumnType, 'schema' | 'arguments'> {
  readonly schema: string
  readonly modifier: number
}

/** Reads a type that `describeType` has selected. */
export function readColumnType({ modifier, ...type }: SelectedType): ColumnType {
  return { ...type, arguments: readArguments(type.name, modifier) }
}

/** A row whose columns have types as they are selected. */
export type WithSelectedTypes<Row extends { readonly columns: readonly object[] | null }> = Omit<
  Row,
  'columns'
> & {
  readonly columns: readonly (Omit<NonNullable<Row['columns']>[number], 'type'> & {
    readonly type: SelectedType
  })[]
}

/** Columns with types as code reads them. */
export function readColumnTypes<Column extends { readonly type: SelectedType }>(
  columns: readonly Column[],
): readonly (Omit<Column, 'type'> & { readonly type: ColumnType })[] {
  return columns.map(column => ({ ...column, type: readColumnType(column.type) }))
}

/** The numbers in the brackets of a type, from the modifier that the catalog keeps: 24 is the 20 of `varchar(20)`. */
function readArguments(type: string, modifier: number): readonly number[] {
  if (modifier < 0) return []
  switch (type) {
    case 'varchar':
    case 'bpchar':
      return [modifier - header]
    case 'numeric': {
      const packed = modifier - header
      // The scale has eleven bits with a sign since PostgreSQL 15; before, it was never above 1000.
      return [(packed >> 16) & 0xffff, ((packed & 0x7ff) ^ 0x400) - 0x400]
    }
    case 'interval': {
      const precision = modifier & 0xffff
      return precision === 0xffff ? [modifier >> 16] : [modifier >> 16, precision]
    }
    default:
      return [modifier]
  }
}

/** The length of a value's own header, which these modifiers count in. */
const header = 4
