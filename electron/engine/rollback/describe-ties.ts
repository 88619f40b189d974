import { assertNever } from '../../../shared/assert-never.ts'
import type { Failure } from '../../../shared/failure.ts'
import type { DatabaseTie } from '../ports/restores.ts'

/** What a tenant loses when another database takes its place, in words, with what to do about it. */
export function describeLostTie({ kind, name }: DatabaseTie): string {
  switch (kind) {
    case 'slot':
      return `logical replication slot ${name}, which stays with the database that is put aside: its consumer gets no further change of the tenant, and it holds WAL back. Stop the consumer first, then drop the slot and make it anew on the restored database`
    case 'subscription':
      return `subscription ${name}, which stays with the database that is put aside and brings the tenant no further change. Drop it there, and make it anew on the restored database`
    default:
      return assertNever(kind)
  }
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
      return `select pg_catalog.pg_drop_replication_slot(${quote("'", name)});`
    case 'subscription':
      return `alter database ${quote('"', database)} with allow_connections true; and in it, as its owner: drop subscription ${quote('"', name)};`
    default:
      return assertNever(kind)
  }
}

function quote(mark: string, name: string): string {
  return mark + name.replaceAll(mark, mark + mark) + mark
}
