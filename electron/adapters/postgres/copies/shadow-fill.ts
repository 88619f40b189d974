import type { VersionTable } from '../../../engine/ports/migration-source.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { sqlStateOf } from '../session/map-error.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { rollBackSharedChanges } from './roll-back-shared-changes.ts'
import { selectPopulatedViews, selectRowTables, selectSequencePositions } from './shadow-row-queries.ts'
import { copyRows } from './shadow-rows.ts'
import { runSchemaScript } from './shadow-script.ts'
import { withoutCode } from './without-code.ts'

/** A database on some server. */
export interface DatabasePlace {
  readonly settings: ServerSettings
  readonly database: string
  /** The role to take there, where the login itself may not read or make the tables. */
  readonly role?: string | null
  /** Whether the server is our own, so that nothing of it has to stay as it is. */
  readonly isOurs?: boolean
}

/** Which rows a copy gets beside its schema. */
export interface WantedRows {
  readonly data: 'schema' | 'sample' | 'full'
  /** Its rows come along in any case; null where nothing is applied. */
  readonly versionTable: VersionTable | null
}

/** Rows of each table in a sample. */
const sampleRows = 1_000

/** Gives an empty copy the schema of its source, and as many rows as are asked for; says what could not be copied. */
export async function fillShadow(
  from: DatabasePlace,
  to: DatabasePlace,
  script: string,
  { data, versionTable }: WantedRows,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const reading = {
    applicationName: 'lockstep shadow',
    lockTimeoutMs: 5_000,
    settings: { search_path: '', row_security: 'off', default_transaction_read_only: 'on', ...asRole(from) },
  }
  const writing = { applicationName: 'lockstep shadow', settings: asRole(to) }
  const into = <T>(use: (client: DatabaseClient) => Promise<T>): Promise<T> =>
    withClient(to.settings, to.database, writing, use, signal)
  await into(client => runSchemaScript(client, script))
  return await withClient(
    from.settings,
    from.database,
    reading,
    source =>
      into(target =>
        withoutCode(target, async () => {
          const most = data === 'sample' ? sampleRows : null
          const tables = await selectRowTables(source, versionTable)
          const wanted = data === 'schema' ? tables.filter(table => table.holdsVersions) : tables
          const isOurs = to.isOurs ?? false
          const left = await copyRows(source, target, { tables: wanted, most, isOurs })
          if (data !== 'schema') await copySequencePositions(source, target)
          await refreshViews(source, target, isOurs)
          return left
        }),
      ),
    signal,
  )
}

async function copySequencePositions(source: DatabaseClient, target: DatabaseClient): Promise<void> {
  for (const statement of await selectSequencePositions(source)) await target.query(statement)
}

function asRole({ role }: DatabasePlace): Readonly<Record<string, string>> {
  return role ? { role } : {}
}

/** A dump leaves materialized views unpopulated, which a schema shows; one may need another. */
async function refreshViews(source: DatabaseClient, target: DatabaseClient, isOurs: boolean): Promise<void> {
  let waiting = await selectPopulatedViews(source)
  for (let before = waiting.length + 1; waiting.length > 0 && waiting.length < before; ) {
    before = waiting.length
    const left: string[] = []
    for (const view of waiting) {
      const what = `refreshing ${view}`
      try {
        await rollBackSharedChanges(target, { what, isOurs }, () =>
          target.query(`refresh materialized view ${view}`),
        )
      } catch (error) {
        if (sqlStateOf(error) === null) throw error
        left.push(view)
      }
    }
    waiting = left
  }
}
