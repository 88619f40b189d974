import type { TenantReading } from './read-tenant.ts'
import type { Survey } from './survey-scenario.ts'

/** Where a tenant is: `between` is past the vote and not past what follows it; `prepared` nobody can look into; `elsewhere` is nowhere on the way. */
export type Standing = 'before' | 'after' | 'between' | 'prepared' | 'elsewhere'

/** Compares a tenant with what others look like before and after. */
export function standingOf(reading: TenantReading, { before, after }: Survey): Standing {
  if (isSame(reading, before)) return 'before'
  if (isSame(reading, after)) return 'after'
  const isPastVote = withoutTail(reading.schema) === withoutTail(after.schema) && reading.rows === after.rows
  return isPastVote && after.versions.includes(tail) && withoutTail(after.schema) !== after.schema
    ? 'between'
    : 'elsewhere'
}

const tail = '0004'

function isSame(one: TenantReading, other: TenantReading): boolean {
  return one.schema === other.schema && one.versions === other.versions && one.rows === other.rows
}

/** The schema but for the index that is built outside of a transaction, finished or not. */
function withoutTail(schema: string): string {
  return schema
    .split('\n')
    .filter(line => !line.includes('items_note_idx'))
    .join('\n')
}
