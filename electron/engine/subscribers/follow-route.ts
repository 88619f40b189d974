import { readNode, readText } from '../../sql/syntax-node.ts'
import type { Effect } from '../conflicts/effect.ts'
import { type NamedObject, qualifyObject } from '../conflicts/named-object.ts'
import type { RouteStatement, RouteStep } from '../conflicts/route-statement.ts'
import type { PublishedTable } from '../ports/subscriber-facts.ts'
import type { PublishedSchema } from './select-published.ts'

/** What would be published once these steps have run, as far as their statements can be read. */
export function followRoute(
  steps: readonly RouteStep[],
  published: PublishedSchema,
  schema = 'public',
): PublishedSchema {
  const tables = new Map(published.tables.map(table => [table.table, table]))
  for (const statement of steps.flatMap(step => step.statements)) {
    const makes = makesPublishable(statement)
    for (const effect of statement.done.effects) {
      if (effect.does !== 'create') follow(effect, tables, schema)
      else if (makes && isPublishedOnceMade(effect.object, published.newTables, schema))
        create(effect, tables, schema)
    }
  }
  return { ...published, tables: [...tables.values()] }
}

/** Temporary and unlogged tables are never published, and foreign ones neither. */
function makesPublishable({ parsed }: RouteStatement): boolean {
  if (parsed.type === 'CreateTableAsStmt') return true
  if (parsed.type !== 'CreateStmt') return false
  return readText(readNode(parsed.node, 'relation'), 'relpersistence') !== 'u'
}

function isPublishedOnceMade(
  object: NamedObject,
  newTables: PublishedSchema['newTables'],
  schema: string,
): boolean {
  if (object.kind !== 'relation' || object.part !== null) return false
  return newTables === 'all' || newTables.includes(schemaOf(object, schema))
}

function create(
  effect: Extract<Effect, { does: 'create' }>,
  tables: Map<string, PublishedTable>,
  schema: string,
): void {
  const table = nameTable(effect.object, schema)
  if (tables.has(table)) return
  const columns = effect.columns?.filter(column => column.isGenerated !== true) ?? null
  tables.set(table, { table, columns, isFixed: false })
}

function follow(effect: Effect, tables: Map<string, PublishedTable>, schema: string): void {
  if (effect.does !== 'add_column' && effect.does !== 'drop' && effect.does !== 'rename') {
    if (effect.does === 'retype')
      change(effect.object, tables, schema, (columns, name) =>
        columns.map(one => (one.name === name ? { name, type: effect.type } : one)),
      )
    return
  }
  const { object } = effect
  if (object.kind === 'column') {
    change(object, tables, schema, (columns, name, isFixed) => {
      const others = columns.filter(one => one.name !== name)
      const known = columns.find(one => one.name === name)
      if (effect.does === 'drop') return others
      if (effect.does === 'rename')
        return known ? columns.map(one => (one === known ? { ...one, name: effect.to } : one)) : columns
      return known || isFixed || effect.isGenerated === true
        ? columns
        : [...columns, { name, type: effect.type }]
    })
  } else if (object.kind === 'relation' && effect.does !== 'add_column') {
    const name = nameTable(object, schema)
    const known = tables.get(name)
    if (!known) return
    tables.delete(name)
    if (effect.does !== 'rename') return
    const table = nameTable({ ...object, name: effect.to }, schema)
    tables.set(table, { ...known, table })
  }
}

type Columns = NonNullable<PublishedTable['columns']>

function change(
  object: NamedObject,
  tables: Map<string, PublishedTable>,
  schema: string,
  edit: (columns: Columns, name: string, isFixed: boolean) => Columns,
): void {
  const table = nameTable(object, schema)
  const known = tables.get(table)
  if (!known?.columns || object.part === null) return
  tables.set(table, { ...known, columns: edit(known.columns, object.part, known.isFixed) })
}

/** A plan calls a tenant's own schema `public`, because it stands for every tenant's. */
function schemaOf({ schema }: NamedObject, own: string): string {
  return schema === null || schema === 'public' ? own : schema
}

function nameTable(object: NamedObject, own: string): string {
  return qualifyObject({ ...object, kind: 'relation', schema: schemaOf(object, own), part: null })
}
