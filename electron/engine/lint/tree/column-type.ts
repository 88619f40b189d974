import type { ColumnType } from '../../../catalog/catalog-item.ts'
import { readNameParts, readNode, readNodes, type SyntaxNode } from '../../../sql/syntax-node.ts'

/** Reads a `TypeName`. */
export function readType(node: SyntaxNode): ColumnType {
  const [name = '', schema = null] = readNameParts(readNodes(node, 'names')).toReversed()
  const numbers = readNodes(node, 'typmods').map(readNumber)
  const isArray = readNodes(node, 'arrayBounds').length > 0
  const brackets = numbers.length > 0 && name !== 'bpchar' ? `(${numbers.join(',')})` : ''
  return {
    schema,
    name,
    arguments: numbers,
    isArray,
    sql: `${addBrackets(words.get(name) ?? name, brackets)}${isArray ? '[]' : ''}`,
  }
}

/** The length of a time stands before its zone. */
function addBrackets(word: string, brackets: string): string {
  const [first = '', ...zone] = word.split(' ')
  return zone.includes('zone') ? [first + brackets, ...zone].join(' ') : word + brackets
}

/** Whether a type is one of PostgreSQL's own of these names: without a schema, they come before all others. */
export function isServerType({ schema, name }: ColumnType, ...names: readonly string[]): boolean {
  return (schema === null || schema === 'pg_catalog') && names.includes(name)
}

type TypeName = Pick<ColumnType, 'schema' | 'name'>

/** Whether two types may be the same one; where a schema is not written, it may be any. */
export function haveSameName(a: TypeName, b: TypeName): boolean {
  return a.name === b.name && (a.schema === null || b.schema === null || a.schema === b.schema)
}

/** The grammar's names with the words that people use. */
const words: ReadonlyMap<string, string> = new Map([
  ['int2', 'smallint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['bool', 'boolean'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['varchar', 'character varying'],
  ['bpchar', 'character'],
  ['timestamp', 'timestamp without time zone'],
  ['timestamptz', 'timestamp with time zone'],
  ['time', 'time without time zone'],
  ['timetz', 'time with time zone'],
  ['varbit', 'bit varying'],
])

function readNumber(node: SyntaxNode): number {
  const value = readNode(readNode(node, 'A_Const'), 'ival').ival
  return typeof value === 'number' ? value : 0
}

/** One of PostgreSQL's own types by the words that people use, such as `integer`. */
export function readServerType(word: string): ColumnType {
  const name = [...words].find(([, used]) => used === word)?.[0] ?? word
  return { schema: 'pg_catalog', name, arguments: [], isArray: false, sql: word }
}

/** Types that count up by themselves, with the type of the column that they make. */
export const serialTypes: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'smallint'],
  ['serial2', 'smallint'],
  ['serial', 'integer'],
  ['serial4', 'integer'],
  ['bigserial', 'bigint'],
  ['serial8', 'bigint'],
])
