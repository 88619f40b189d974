import { quoteIdentifier } from '../../../shared/sql/quote-identifier.ts'
import type { DatabaseClient } from './database-client.ts'
import { endPrepared } from './end-prepared.ts'
import { selectLeftoverShadows } from './queries/shadow-queries.ts'
import { runAsOwner } from './run-as-owner.ts'
import type { ServerSettings } from './server-settings.ts'
import { keeperNameOf } from './shadow-names.ts'

/** Drops copies that a killed process has left behind; one that cannot be dropped waits for somebody who may. */
export async function dropLeftoverShadows(settings: ServerSettings, client: DatabaseClient): Promise<void> {
  for (const name of await selectLeftoverShadows(client, keeperNameOf(''))) {
    await endPrepared(settings, name).catch(() => undefined)
    await runAsOwner(client, name, `drop database if exists ${quoteIdentifier(name)}`).catch(() => undefined)
  }
}
