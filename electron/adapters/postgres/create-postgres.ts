import { LockstepError } from '../../../shared/failure/failure.ts'
import type {
  ClusterLocks,
  PreparedTransactions,
  Replicas,
  Servers,
  Sessions,
} from '../../engine/ports/servers.ts'
import { readCatalog, readFingerprint } from './catalog/fingerprint.ts'
import { createFingerprintMemory, type FingerprintMemory } from './catalog/fingerprint-memory.ts'
import { acquireClusterLock, readLockHolder } from './prepared/cluster-lock.ts'
import { selectPreparedTransactions, selectTransactionStatus } from './prepared/prepared-queries.ts'
import { openPreparedTransactionSession } from './prepared/prepared-transaction-session.ts'
import { listClosedDatabases, listDatabases, queryTenantNames } from './replicas/list-databases.ts'
import { listSchemas } from './replicas/list-schemas.ts'
import { observeServer, readIdentity } from './replicas/observe-server.ts'
import { readLinks } from './replicas/read-links.ts'
import { waitForReplay } from './replicas/wait-for-replay.ts'
import { findPrimary, findServer } from './session/find-server.ts'
import type { ServerSettings } from './session/server-settings.ts'
import { cancelSession, waitUntilSessionGone } from './session/sessions.ts'
import { withClient } from './session/with-client.ts'

export interface PostgresOptions {
  /** How long another session may keep the run lock before it counts as held. */
  readonly lockTimeoutMs?: number
  /** How long a lost connection is reopened to finish a prepared transaction. */
  readonly finishTimeoutMs?: number
  /** What is known of the tenants' catalogs already; default: nothing. */
  readonly memory?: FingerprintMemory
}

export interface Postgres {
  readonly servers: Servers
  readonly locks: ClusterLocks
  readonly prepared: PreparedTransactions
  readonly replicas: Replicas
  readonly sessions: Sessions
}

/** Everything the engine asks of PostgreSQL, by the names of the configured servers. Holds nothing open by itself. */
export function createPostgres(servers: readonly ServerSettings[], options: PostgresOptions = {}): Postgres {
  const find = (name: string) => findServer(servers, name)
  const { memory = createFingerprintMemory() } = options
  return {
    servers: {
      observe: (server, signal) =>
        observeServer(find(server), findPrimary(servers, find(server).cluster), signal),
      listDatabases: (server, signal) => listDatabases(find(server), signal),
      listClosedDatabases: (server, signal) => listClosedDatabases(find(server), signal),
      listSchemas: (server, database, signal) => listSchemas(find(server), database, signal),
      readLinks: (server, signal) => readLinks(find(server), signal),
      queryTenantNames: (server, sql, signal) => queryTenantNames(find(server), sql, signal),
      fingerprint: (server, tenant, signal) => readFingerprint(find(server), tenant, memory, signal),
      readCatalog: (server, tenant, signal) => readCatalog(find(server), tenant, memory, signal),
    },
    locks: {
      acquire: (server, owner, signal) =>
        acquireClusterLock(find(server), owner, options.lockTimeoutMs ?? 1000, signal),
      readHolder: (server, signal) => readLockHolder(find(server), signal),
    },
    prepared: createPrepared(find, options.finishTimeoutMs ?? 5000),
    replicas: {
      currentLsn: (server, signal) => readInsertLsn(find(server), signal),
      waitForReplay: (standby, target, deadlineMs, signal) =>
        waitForReplay(find(standby), target, deadlineMs, signal),
    },
    sessions: {
      cancel: (server, backendPid, signal) => cancelSession(find(server), backendPid, signal),
      waitUntilGone: (server, backendPid, deadlineMs) =>
        waitUntilSessionGone(find(server), backendPid, deadlineMs),
    },
  }
}

function createPrepared(
  find: (name: string) => ServerSettings,
  finishTimeoutMs: number,
): PreparedTransactions {
  const asking = { applicationName: 'lockstep prepared', statementTimeoutMs: 10_000 }
  return {
    list: (name, signal) => {
      const server = find(name)
      return withClient(server, server.maintenanceDatabase, asking, selectPreparedTransactions, signal)
    },
    openSession: (server, tenant, signal) =>
      openPreparedTransactionSession(find(server), tenant, finishTimeoutMs, signal),
    status: async (name, xid, signal) => {
      const server = find(name)
      const status = await withClient(
        server,
        server.maintenanceDatabase,
        asking,
        client => selectTransactionStatus(client, xid),
        signal,
      )
      return status === 'in progress' || status === 'committed' || status === 'aborted' ? status : 'unknown'
    },
  }
}

async function readInsertLsn(settings: ServerSettings, signal: AbortSignal): Promise<string> {
  const { insertLsn } = await readIdentity(settings, signal)
  if (insertLsn === null) throw new LockstepError({ kind: 'primary_missing', cluster: settings.cluster })
  return insertLsn
}
