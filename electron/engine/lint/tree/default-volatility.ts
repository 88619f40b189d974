import {
  isSyntaxNode,
  readNameParts,
  readNodes,
  type SyntaxNode,
  walkTree,
} from '../../../sql/syntax-node.ts'

/** A call in a default that gives another value for each row, or may. */
export interface VolatileCall {
  readonly name: string
  /** False for a function that only the server knows. */
  readonly isCertain: boolean
}

/** The first call of a default that is not known to give one value for all rows; null when there is none. */
export function findVolatileCall(expression: SyntaxNode): VolatileCall | null {
  const calls = [...walkTree(expression)].flatMap(node =>
    isSyntaxNode(node.FuncCall) ? (readNameParts(readNodes(node.FuncCall, 'funcname')).at(-1) ?? []) : [],
  )
  const certain = calls.find(name => volatile.has(name))
  if (certain !== undefined) return { name: certain, isCertain: true }
  const unknown = calls.find(name => !steady.has(name))
  return unknown === undefined ? null : { name: unknown, isCertain: false }
}

const volatile: ReadonlySet<string> = new Set([
  'clock_timestamp',
  'gen_random_bytes',
  'gen_random_uuid',
  'nextval',
  'random',
  'random_normal',
  'timeofday',
  'txid_current',
  'uuid_generate_v1',
  'uuid_generate_v1mc',
  'uuid_generate_v4',
  'uuidv4',
  'uuidv7',
])

/** Functions of the server that are stable or immutable and stand in defaults. */
const steady: ReadonlySet<string> = new Set([
  'array_fill',
  'concat',
  'concat_ws',
  'current_database',
  'current_setting',
  'current_user',
  'date',
  'date_trunc',
  'decode',
  'encode',
  'format',
  'int4range',
  'int8range',
  'interval',
  'json_build_array',
  'json_build_object',
  'jsonb_build_array',
  'jsonb_build_object',
  'lower',
  'make_date',
  'make_interval',
  'make_timestamptz',
  'md5',
  'now',
  'numrange',
  'repeat',
  'replace',
  'round',
  'statement_timestamp',
  'string_to_array',
  'timezone',
  'to_char',
  'to_date',
  'to_json',
  'to_jsonb',
  'to_timestamp',
  'to_tsvector',
  'transaction_timestamp',
  'trim',
  'tsrange',
  'tstzrange',
  'upper',
])
