import type { ColumnType } from '../../catalog/catalog-item.ts'
import type { NamedObject } from './named-object.ts'

/** A column as a statement makes it. */
export interface NewColumn {
  readonly name: string
  readonly type: ColumnType
  /** Set for one that the server computes. */
  readonly isGenerated?: true
}

/** What a statement does to the schema, or wants of it, in the order in which the server does it. */
export type Effect =
  /** It fails when the object is there, unless it is optional or replaces it. */
  | {
      readonly does: 'create'
      readonly object: NamedObject
      readonly isOptional: boolean
      readonly replaces: boolean
      /** Of a table whose columns are all written. */
      readonly columns: readonly NewColumn[] | null
      readonly constraints: readonly string[]
      /** Of an enum. */
      readonly labels: readonly string[] | null
    }
  | {
      readonly does: 'add_column'
      readonly object: NamedObject
      readonly type: ColumnType
      /** Set for one that the server computes. */
      readonly isGenerated?: true
      readonly isOptional: boolean
    }
  /** It fails when the object is not there, unless it is optional. */
  | {
      readonly does: 'drop'
      readonly object: NamedObject
      readonly isOptional: boolean
      readonly cascades: boolean
    }
  /** `how`: what the statement does with it, such as `alters`. */
  | { readonly does: 'need'; readonly object: NamedObject; readonly how: string }
  | { readonly does: 'retype'; readonly object: NamedObject; readonly type: ColumnType }
  | { readonly does: 'rename'; readonly object: NamedObject; readonly to: string }
  /** A table of the session, which hides others of its name. */
  | { readonly does: 'hide'; readonly name: string }
  /** The server chooses names that are not written. */
  | { readonly does: 'invent_names' }
  /** What this does cannot be told beforehand. */
  | { readonly does: 'obscure' }

/** Effects that happen only where a table is there: `alter table if exists`. */
export interface StatementEffects {
  readonly onlyIf: NamedObject | null
  readonly effects: readonly Effect[]
}

export const noEffects: StatementEffects = { onlyIf: null, effects: [] }

/** Makes the effect of a plain `create`. */
export function createOf(
  object: NamedObject,
  change: Partial<Extract<Effect, { does: 'create' }>> = {},
): Effect {
  return {
    does: 'create',
    object,
    isOptional: false,
    replaces: false,
    columns: null,
    constraints: [],
    labels: null,
    ...change,
  }
}
