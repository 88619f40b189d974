import { type Failure, LockstepError, toFailure } from '../../../../shared/failure/failure.ts'
import { deadlineSignal } from '../../../lib/with-deadline.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { endPrepared } from '../prepared/end-prepared.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { openClient } from '../session/open-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { endPooledSessions } from '../session/session-pool.ts'
import { withClient } from '../session/with-client.ts'
import { dropDatabase } from './drop-database.ts'
import { letLoginIn, runAsOwner } from './run-as-owner.ts'
import { dropLeftoverShadows } from './shadow-leftovers.ts'
import { keeperNameOf, newShadowName } from './shadow-names.ts'
import { type ShadowSource, selectShadowSource } from './shadow-queries.ts'

const dropDeadlineMs = 30_000

/** A database that its owner must drop. */
export interface ShadowDatabase {
  readonly name: string
  /** Never throws: what cannot be dropped now is told of, and dropped by the next rehearsal. */
  drop(): Promise<void>
}

/** What is needed to fill a new database. */
export interface ShadowWork {
  readonly keeper: DatabaseClient
  readonly source: ShadowSource
  readonly name: string
}

/** How a database is made, and who is told when it stays behind although it is not wanted any more. */
export interface ShadowMaking {
  readonly create: (work: ShadowWork) => Promise<void>
  readonly onLeft: (name: string, failure: Failure) => Promise<void>
}

/**
 * Makes a database beside a tenant's; when that fails, nothing of it stays that can be dropped.
 *
 * A session of its own stays open for as long as the copy is wanted: its name says so to every other rehearsal.
 */
export async function openShadowDatabase(
  settings: ServerSettings,
  database: string,
  { create, onLeft }: ShadowMaking,
  signal: AbortSignal,
): Promise<ShadowDatabase> {
  const name = newShadowName()
  const options = { applicationName: keeperNameOf(name) }
  const keeper = await openClient(settings, settings.maintenanceDatabase, options, signal)
  const drop = async () => {
    try {
      await dropShadow(settings, name)
    } catch (error) {
      await onLeft(name, toFailure(error))
    } finally {
      // From here on it counts as left over.
      await keeper.close()
    }
  }
  try {
    await dropLeftoverShadows(settings, keeper)
    const source = await selectShadowSource(keeper, database)
    if (source === null)
      throw new LockstepError({ kind: 'database_missing', server: settings.name, database })
    await create({ keeper, source, name })
    // It holds what the tenant holds, and a new database lets every role in.
    await runAsOwner(keeper, name, `revoke all on database ${quoteIdentifier(name)} from public`)
    await letLoginIn(keeper, name)
    return { name, drop }
  } catch (error) {
    await drop()
    throw error
  }
}

/** Drops a scratch copy, even while sessions are connected to it. */
export async function dropShadow(settings: ServerSettings, name: string): Promise<void> {
  await endPooledSessions(settings, name)
  await endPrepared(settings, name)
  const options = { applicationName: 'lockstep shadow', statementTimeoutMs: dropDeadlineMs }
  await withClient(
    settings,
    settings.maintenanceDatabase,
    options,
    // A session that is still connected to it came for the rehearsal.
    client => dropDatabase(client, name),
    deadlineSignal(dropDeadlineMs),
  )
}
