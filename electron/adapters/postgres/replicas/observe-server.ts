import { toFailure } from '../../../../shared/failure/failure.ts'
import type {
  ServerObservation,
  StandbyState,
  SubscriptionState,
} from '../../../../shared/topology/topology.ts'
import { describeEndpoint } from '../session/map-error.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { countMissingBytes } from './lsn.ts'
import { readServerIdentity, type ServerIdentity } from './server-queries.ts'
import { selectHeldSubscriptions } from './subscriber-queries.ts'

const options = { applicationName: 'lockstep observe', statementTimeoutMs: 5000 }

/**
 * Says what a server is and how far it is. A server that cannot be asked is an observation too.
 *
 * The primary, where there is one, is asked first: how far a standby is behind is measured against it.
 */
export async function observeServer(
  settings: ServerSettings,
  primary: ServerSettings | null,
  signal: AbortSignal,
): Promise<ServerObservation> {
  const declared = {
    server: settings.name,
    cluster: settings.cluster,
    declaredRole: settings.declaredRole,
    ...(settings.declaredReplay === undefined ? {} : { declaredReplay: settings.declaredReplay }),
    endpoint: describeEndpoint(settings),
    ...(settings.way === null ? {} : { way: settings.way ?? ('direct' as const) }),
  }
  const ahead = primary === null || primary.name === settings.name ? null : await askQuietly(primary, signal)
  try {
    const identity = await readIdentity(settings, signal)
    const taken = settings.declaredRole === 'subscriber' ? await readTaken(settings, signal) : null
    return {
      ...declared,
      // What is declared as a subscriber and takes nothing is seen as what it is otherwise.
      role: identity.inRecovery ? 'standby' : taken && taken.length > 0 ? 'subscriber' : 'primary',
      ...(taken === null ? {} : { subscriptions: taken }),
      version: identity.version,
      systemIdentifier: identity.systemIdentifier,
      timeline: identity.timeline,
      replication: identity.inRecovery ? describeReplay(identity, ahead) : null,
      failure: null,
    }
  } catch (error) {
    return {
      ...declared,
      role: 'unreachable',
      version: null,
      systemIdentifier: null,
      timeline: null,
      replication: null,
      failure: toFailure(error),
    }
  }
}

/** Asks one server what it is. */
export async function readIdentity(settings: ServerSettings, signal: AbortSignal): Promise<ServerIdentity> {
  return await withClient(settings, settings.maintenanceDatabase, options, readServerIdentity, signal)
}

async function readTaken(
  settings: ServerSettings,
  signal: AbortSignal,
): Promise<readonly SubscriptionState[]> {
  const found = await withClient(
    settings,
    settings.maintenanceDatabase,
    options,
    selectHeldSubscriptions,
    signal,
  )
  return found.map(({ name, database, isEnabled, isApplying, applyErrors }) => ({
    name,
    database,
    isEnabled,
    isApplying,
    applyErrors,
  }))
}

async function askQuietly(settings: ServerSettings, signal: AbortSignal): Promise<ServerIdentity | null> {
  try {
    return await readIdentity(settings, signal)
  } catch {
    return null
  }
}

function describeReplay(standby: ServerIdentity, primary: ServerIdentity | null): StandbyState {
  return {
    receiver: standby.receiver,
    replayPause: standby.replayPause ?? 'not paused',
    receivedLsn: standby.receivedLsn,
    replayedLsn: standby.replayedLsn,
    lagBytes: measureLag(standby, primary, standby.replayedLsn),
    lagSeconds: standby.lagSeconds,
    applyDelayMs: standby.applyDelayMs,
    isDelaying: standby.isDelaying,
    missingBytes: measureLag(standby, primary, standby.receivedLsn),
    replayedSecondsAgo: standby.replayedSecondsAgo,
    hasReceiver: standby.hasReceiver,
  }
}

/** Positions of two clusters have nothing to do with one another. */
function measureLag(
  standby: ServerIdentity,
  primary: ServerIdentity | null,
  position: string | null,
): number | null {
  if (primary?.insertLsn == null || position === null) return null
  if (primary.systemIdentifier !== standby.systemIdentifier) return null
  return countMissingBytes(primary.insertLsn, position)
}
