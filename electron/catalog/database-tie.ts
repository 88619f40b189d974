import type { Failure } from '../../shared/failure/failure.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { quoteIdentifier, quoteLiteral } from '../sql/quote-identifier.ts'

/** Something of the server that belongs to one database by its oid: a logical replication slot, or a subscription. */
export interface DatabaseTie {
  readonly kind: 'slot' | 'subscription'
  readonly name: string
}

/** Why a database that was put aside is not dropped, and the statement that frees it. */
export function explainTies(database: string, ties: readonly DatabaseTie[]): Failure {
  const held = ties.map(({ kind, name }) =>
    kind === 'slot' ? `logical replication slot ${name}` : `${kind} ${name}`,
  )
  const problem = `${database} is not dropped: ${held.join(' and ')} would go with it, or keeps it from being dropped`
  return { kind: 'usage', problem, fix: ties.map(tie => freeTie(database, tie)).join(' ') }
}

function freeTie(database: string, { kind, name }: DatabaseTie): string {
  switch (kind) {
    case 'slot':
      return `select pg_catalog.pg_drop_replication_slot(${quoteLiteral(name)});`
    case 'subscription':
      return `alter database ${quoteIdentifier(database)} with allow_connections true; and in it, as its owner: drop subscription ${quoteIdentifier(name)};`
    default:
      return assertNever(kind)
  }
}
