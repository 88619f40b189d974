import type { AssertionResult, Assertions } from '../../../engine/ports/assertions.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { primaryServerOf } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'

const shownRows = 5
const longestValue = 200

/** Lets tenants' databases answer queries of the team as the migration role; nothing can be written by them. */
export function createAssertions(servers: readonly ServerSettings[]): Assertions {
  return {
    check: (tenant, sql, timeoutMs, signal) =>
      withClient(
        primaryServerOf(servers, tenant),
        tenant.database,
        {
          applicationName: 'lockstep hook',
          statementTimeoutMs: timeoutMs,
          settings: {
            default_transaction_read_only: 'on',
            ...(tenant.schema === undefined ? {} : { search_path: quoteIdentifier(tenant.schema) }),
          },
        },
        client => ask(client, sql),
        signal,
      ),
  }
}

/** A cursor takes one query that changes nothing, and gives no more rows than are shown. */
async function ask(client: DatabaseClient, sql: string): Promise<AssertionResult> {
  await client.query('begin read only')
  await client.query(`declare lockstep_hook no scroll cursor for ${sql}`)
  const { rows, columns } = await client.query(`fetch ${shownRows + 1} from lockstep_hook`)
  await client.query('rollback')
  const [first] = columns
  return {
    holds: first !== undefined && rows[0]?.[first] === true,
    columns,
    rows: rows.slice(0, shownRows).map(row => columns.map(column => toText(row[column]))),
    hasMore: rows.length > shownRows,
  }
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}...`
}
