import { readNameParts, readNode, readNodes, type SyntaxNode } from '../../../sql/syntax-node.ts'

/** A type as a statement writes it. */
export interface ColumnType {
  /** The grammar's name: `int4` for `integer`, `varchar` for `character varying`. */
  readonly name: string
  /** Numbers in brackets: the length of `varchar(20)`. */
  readonly arguments: readonly number[]
  readonly isArray: boolean
  /** As PostgreSQL's users write it. */
  readonly sql: string
}

/** Reads a `TypeName`. */
export function readType(node: SyntaxNode): ColumnType {
  const name = readNameParts(readNodes(node, 'names')).at(-1) ?? ''
  const numbers = readNodes(node, 'typmods').map(readNumber)
  const isArray = readNodes(node, 'arrayBounds').length > 0
  const brackets = numbers.length > 0 && name !== 'bpchar' ? `(${numbers.join(',')})` : ''
  return {
    name,
    arguments: numbers,
    isArray,
    sql: `${words.get(name) ?? name}${brackets}${isArray ? '[]' : ''}`,
  }
}

/** Reads a type as `format_type` writes it, such as `character varying(20)`. */
export function parseTypeText(text: string): ColumnType {
  const isArray = text.endsWith('[]')
  const numbers = /\(([\d,\s-]+)\)/.exec(text)?.[1]?.split(',').map(Number) ?? []
  const bare = text
    .replace(/\[\]$/, '')
    .replace(/\([\d,\s-]+\)/, '')
    .trim()
  const name = [...words].find(([, word]) => word === bare)?.[0] ?? bare
  return { name, arguments: numbers, isArray, sql: text }
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

/** Types that count up by themselves, with the type of the column that they make. */
export const serialTypes: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'smallint'],
  ['serial2', 'smallint'],
  ['serial', 'integer'],
  ['serial4', 'integer'],
  ['bigserial', 'bigint'],
  ['serial8', 'bigint'],
])
