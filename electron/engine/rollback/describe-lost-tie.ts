import { assertNever } from '../../../shared/text/assert-never.ts'
import type { DatabaseTie } from '../../catalog/database-tie.ts'

/** What a tenant loses when another database takes its place, in words, with what to do about it. */
export function describeLostTie({ kind, name }: DatabaseTie): string {
  switch (kind) {
    case 'slot':
      return `logical replication slot ${name}, which stays with the database that is put aside: its consumer gets no further change of the tenant, and it holds WAL back. Stop the consumer first, then drop the slot and recreate it on the restored database`
    case 'subscription':
      return `subscription ${name}, which stays with the database that is put aside and brings the tenant no further change. Drop it there, and recreate it on the restored database`
    default:
      return assertNever(kind)
  }
}
