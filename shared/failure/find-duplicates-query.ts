import type { MigrationFailure } from './failure.ts'

const tableOfStatement =
  /\b(?:alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?|create\s+unique\s+index\s+[\s\S]*?\bon\s+(?:only\s+)?)([^\s(]+)/i

/** The query that shows the rows behind a refused unique constraint; null when statement and detail do not tell. */
export function findDuplicatesQuery({
  sqlstate,
  statement = '',
  detail = '',
}: MigrationFailure): string | null {
  if (sqlstate !== '23505') return null
  const table = tableOfStatement.exec(statement)?.[1]
  const columns = /^Key \(([^)]*)\)=/.exec(detail)?.[1]
  if (!table || !columns) return null
  return `select ${columns}, count(*) from ${table} group by ${columns} having count(*) > 1`
}
