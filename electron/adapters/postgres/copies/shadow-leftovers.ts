import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { endPrepared } from '../prepared/end-prepared.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { runAsOwner } from './run-as-owner.ts'
import { keeperNameOf } from './shadow-names.ts'
import { selectLeftoverShadows } from './shadow-queries.ts'

/** Drops copies that a killed process has left behind; one that cannot be dropped waits for a login that may. */
export async function dropLeftoverShadows(settings: ServerSettings, client: DatabaseClient): Promise<void> {
  for (const name of await selectLeftoverShadows(client, keeperNameOf(''))) {
    await endPrepared(settings, name).catch(() => undefined)
    await runAsOwner(client, name, `drop database if exists ${quoteIdentifier(name)}`).catch(() => undefined)
  }
}
