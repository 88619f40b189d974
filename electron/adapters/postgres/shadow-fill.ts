import type { VersionTable } from '../../engine/ports/migration-source.ts'
import type { DatabaseClient } from './database-client.ts'
import { selectPopulatedViews, selectRowTables, selectSequencePositions } from './queries/shadow-rows.ts'
import type { ServerSettings } from './server-settings.ts'
import { copyRows } from './shadow-rows.ts'
import { runSchemaScript } from './shadow-script.ts'
import { withClient } from './with-client.ts'

/** A database on some server. */
export interface DatabasePlace {
  readonly settings: ServerSettings
  readonly database: string
  /** The role to take there, where the login itself may not read or make the tables. */
  readonly role?: string | null
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
      into(async target => {
        const most = data === 'sample' ? sampleRows : null
        const tables = await selectRowTables(source, versionTable)
        const wanted = data === 'schema' ? tables.filter(table => table.holdsVersions) : tables
        const left = await copyRows(source, target, wanted, most)
        if (data !== 'schema') await copySequencePositions(source, target)
        await refreshViews(source, target)
        return left
      }),
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
async function refreshViews(source: DatabaseClient, target: DatabaseClient): Promise<void> {
  let waiting = await selectPopulatedViews(source)
  for (let before = waiting.length + 1; waiting.length > 0 && waiting.length < before; ) {
    before = waiting.length
    const left: string[] = []
    for (const view of waiting) {
      await target.query(`refresh materialized view ${view}`).catch(() => left.push(view))
    }
    waiting = left
  }
}
