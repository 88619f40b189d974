import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { PrintedItem } from '../../../catalog/printed-item.ts'
import type { Catalog, Fingerprint } from '../../../engine/ports/servers.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { sqlStateOf } from '../session/map-error.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { selectTokenOf } from './catalog-token.ts'
import {
  fingerprintSettings,
  parseCatalogItems,
  parsePrintedItems,
  selectCatalogItems,
  selectPresence,
  selectPresentItems,
} from './fingerprint-items.ts'
import type { FingerprintMemory } from './fingerprint-memory.ts'
import { hashItems } from './hash-items.ts'
import { narrowTo } from './narrow-to-schema.ts'

/** Reads the schema of one tenant, a database or a schema of one, on one server, primary or standby; only its token where that is known. */
export function readFingerprint(
  settings: ServerSettings,
  tenant: Tenant,
  memory: FingerprintMemory,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const read = (rows: readonly unknown[]) => narrowTo(tenant.schema).printed(parsePrintedItems(rows))
  const { printedOf: find, keepPrinted: keep } = memory
  return readTwice({ settings, tenant, select: selectPresentItems, read, memory, find, keep }, signal)
}

/** The same, with what code decides by. */
export function readCatalog(
  settings: ServerSettings,
  tenant: Tenant,
  memory: FingerprintMemory,
  signal: AbortSignal,
): Promise<Catalog> {
  const read = (rows: readonly unknown[]) => narrowTo(tenant.schema).items(parseCatalogItems(rows))
  const { catalogOf: find, keepCatalog: keep } = memory
  return readTwice({ settings, tenant, select: selectCatalogItems, read, memory, find, keep }, signal)
}

interface Reading<Item extends PrintedItem> {
  readonly settings: ServerSettings
  readonly tenant: Tenant
  readonly select: (tenantRole: string | null, presence: unknown, schema?: string) => string
  readonly read: (rows: readonly unknown[]) => readonly Item[]
  readonly memory: FingerprintMemory
  /** The items of a class that has been read before; null for one that has not. */
  readonly find: (hash: string) => readonly Item[] | null
  readonly keep: (hash: string, items: readonly Item[]) => void
}

interface ReadItems<Item extends PrintedItem> {
  readonly hash: string
  readonly items: readonly Item[]
}

async function readTwice<Item extends PrintedItem>(
  reading: Reading<Item>,
  signal: AbortSignal,
): Promise<ReadItems<Item>> {
  try {
    return await readOnce(reading, signal)
  } catch (error) {
    if (!isWorthRepeating(error)) throw error
    return await readOnce(reading, signal)
  }
}

async function readOnce<Item extends PrintedItem>(
  { settings, tenant, select, read, memory, find, keep }: Reading<Item>,
  signal: AbortSignal,
): Promise<ReadItems<Item>> {
  const options = {
    applicationName: 'lockstep fingerprint',
    statementTimeoutMs: 60_000,
    answerTimeoutMs: 80_000,
  }
  return await withClient(
    settings,
    tenant.database,
    options,
    async client => {
      // Ends with the session: there is nothing to commit.
      await client.query(
        `begin transaction isolation level repeatable read read only; ${fingerprintSettings}`,
      )
      const token = await readToken(client, tenant)
      const known = token === null ? null : memory.recall(tenant, token)
      const knownItems = known === null ? null : find(known)
      if (token !== null && known !== null && knownItems !== null) {
        memory.remember(tenant, token, known)
        return { hash: known, items: knownItems }
      }
      const [presence] = (await client.query(selectPresence())).rows
      const { rows } = await client.query(select(tenant.appRole, presence, tenant.schema))
      const items = read(rows)
      const hash = hashItems(items)
      // With a snapshot of its own: definitions are printed from the present catalog, whatever this one began with.
      await client.query(`rollback; begin transaction read only; ${fingerprintSettings}`)
      if (token !== null && (await readToken(client, tenant)) === token) {
        memory.remember(tenant, token, hash)
        if (presence) memory.notePresence(tenant, presence)
        keep(hash, items)
      }
      return { hash, items: find(hash) ?? items }
    },
    signal,
  )
}

async function readToken(client: DatabaseClient, tenant: Tenant): Promise<string | null> {
  const sql = selectTokenOf(tenant)
  return sql === null ? null : ((await client.query<{ token: string }>(sql)).rows[0]?.token ?? null)
}

/**
 * Definitions are printed from the present catalog, not from the snapshot, so an object may vanish meanwhile;
 * and on a standby the replay of a lock may cancel any reader.
 */
function isWorthRepeating(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === 'XX000' || state === '40001' || state === '40P01'
}
