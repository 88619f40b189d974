import type { DatabaseClient } from '../session/database-client.ts'

/** Runs what `pg_dump --schema-only` wrote, all of it or nothing. */
export async function runSchemaScript(client: DatabaseClient, script: string): Promise<void> {
  await client.query(readableByServer(script))
  // The script empties the search path of its session.
  await client.query('reset all')
}

/** Commands of psql, and a setting that only servers from 17 on know, are left out; everything else is SQL. */
export function readableByServer(script: string): string {
  return script
    .split('\n')
    .filter(
      line => !/^\\(un)?restrict \w+\s*$/.test(line) && line.trimEnd() !== 'SET transaction_timeout = 0;',
    )
    .join('\n')
}
