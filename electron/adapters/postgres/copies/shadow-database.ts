import { LockstepError } from '../../../../shared/failure/failure.ts'
import { deadlineSignal } from '../../../lib/with-deadline.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { endPrepared } from '../prepared/end-prepared.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { endKeptSessions } from '../session/kept-sessions.ts'
import { openClient } from '../session/open-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { letLoginIn, runAsOwner } from './run-as-owner.ts'
import { dropLeftoverShadows } from './shadow-leftovers.ts'
import { keeperNameOf, newShadowName } from './shadow-names.ts'
import { type ShadowSource, selectShadowSource } from './shadow-queries.ts'

const dropDeadlineMs = 30_000

/** A database that somebody must drop. */
export interface ShadowDatabase {
  readonly name: string
  /** Never throws: what cannot be dropped now is dropped by the next rehearsal. */
  drop(): Promise<void>
}

/** What is needed to fill a new database. */
export interface ShadowWork {
  readonly keeper: DatabaseClient
  readonly source: ShadowSource
  readonly name: string
}

/**
 * Makes a database beside a tenant's; when that fails, nothing of it stays.
 *
 * A session of its own stays open for as long as the copy is wanted: its name says so to every other rehearsal.
 */
export async function openShadowDatabase(
  settings: ServerSettings,
  database: string,
  create: (work: ShadowWork) => Promise<void>,
  signal: AbortSignal,
): Promise<ShadowDatabase> {
  const name = newShadowName()
  const options = { applicationName: keeperNameOf(name) }
  const keeper = await openClient(settings, settings.maintenanceDatabase, options, signal)
  const drop = async () => {
    try {
      await dropShadow(settings, name)
    } catch {
      // Its keeper is gone now, so that it counts as left over.
    } finally {
      await keeper.close()
    }
  }
  try {
    await dropLeftoverShadows(settings, keeper)
    const source = await selectShadowSource(keeper, database)
    if (source === null)
      throw new LockstepError({ kind: 'database_missing', server: settings.name, database })
    await create({ keeper, source, name })
    // It holds what the tenant holds, and a new database lets everybody in.
    await runAsOwner(keeper, name, `revoke all on database ${quoteIdentifier(name)} from public`)
    await letLoginIn(keeper, name)
    return { name, drop }
  } catch (error) {
    await drop()
    throw error
  }
}

/** Drops a scratch copy, whoever is connected to it. */
export async function dropShadow(settings: ServerSettings, name: string): Promise<void> {
  await endKeptSessions(settings, name)
  await endPrepared(settings, name)
  const options = { applicationName: 'lockstep shadow', statementTimeoutMs: dropDeadlineMs }
  await withClient(
    settings,
    settings.maintenanceDatabase,
    options,
    // Whoever is still connected to it came for the rehearsal.
    client => runAsOwner(client, name, `drop database if exists ${quoteIdentifier(name)} with (force)`),
    deadlineSignal(dropDeadlineMs),
  )
}
