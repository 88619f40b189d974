import { createHash } from 'node:crypto'
import { createHookRunner } from '../../adapters/hooks/run-hook.ts'
import { createHttpChecks } from '../../adapters/http/check-url.ts'
import { createSqlParser } from '../../adapters/libpg-query/create-sql-parser.ts'
import type { ToolPlace } from '../../adapters/pg-tools/tool-place.ts'
import { createDependents } from '../../adapters/postgres/catalog/dependents.ts'
import { createFingerprintMemory } from '../../adapters/postgres/catalog/fingerprint-memory.ts'
import { createSchemaFacts } from '../../adapters/postgres/catalog/schema-facts.ts'
import { createPostgres } from '../../adapters/postgres/create-postgres.ts'
import { createAssertions } from '../../adapters/postgres/gates/assertions.ts'
import { createGateFacts } from '../../adapters/postgres/gates/gate-facts.ts'
import { createIsolation } from '../../adapters/postgres/isolation/isolation.ts'
import { createLockTracer } from '../../adapters/postgres/locks/lock-tracer.ts'
import { createLossFacts } from '../../adapters/postgres/losses/loss-facts.ts'
import { createReachFacts } from '../../adapters/postgres/reach/reach-facts.ts'
import { createReplayFacts } from '../../adapters/postgres/replicas/replay-facts.ts'
import { createSubscriberFacts } from '../../adapters/postgres/replicas/subscriber-facts.ts'
import type { RoomLimits } from '../../adapters/postgres/session/connection-room.ts'
import { findServer } from '../../adapters/postgres/session/find-server.ts'
import { openServerDirectory } from '../../adapters/postgres/session/server-directory.ts'
import { openSessionPool } from '../../adapters/postgres/session/session-pool.ts'
import { newRunId } from '../../adapters/run-log/new-run-id.ts'
import { createRunStore } from '../../adapters/run-log/run-store.ts'
import type { AppPorts } from '../../app/app-ports.ts'
import { withBoundaries } from '../../engine/boundaries/with-boundaries.ts'
import { fewestConnections } from '../../engine/context/most-at-once.ts'
import type { Approvals } from '../../engine/ports/approvals.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import { copiesFolderOf, openCopyRecords } from '../copies/copy-records.ts'
import { createLeftCopies } from '../copies/left-copies.ts'
import type { OpenedAlembicTarget } from '../docker/open-alembic-target.ts'
import { createSource } from '../migrations/create-source.ts'
import { holdPlaces } from '../migrations/hold-places.ts'
import { createLazySource } from '../migrations/lazy-source.ts'
import { createToolPlaces } from '../pg-tools/list-tool-places.ts'
import { readFaultPoint } from '../settings/fault-points.ts'
import type { Project } from '../settings/load-project.ts'
import { environmentFor } from '../settings/pass-file-of.ts'
import { sharedTablesOf } from '../settings/shared-tables-of.ts'
import { systemClock } from '../settings/system-clock.ts'
import { createRestores } from '../snapshots/create-restores.ts'
import { createSnapshots } from '../snapshots/create-snapshots.ts'
import { openSnapshotRecords, snapshotsFolderOf } from '../snapshots/snapshot-records.ts'
import { keepKnownCatalogs, readKnownCatalogs } from '../stores/known-catalogs.ts'
import { openPlanStore } from '../stores/plan-store.ts'
import { createRehearsals } from '../stores/rehearsal-store.ts'
import { openRollbackStore } from '../stores/rollback-store.ts'
import { openRunArchive } from '../stores/run-archive.ts'
import { createShadows } from './create-shadows.ts'
import { reachProject } from './reach-project.ts'

/** Every port with its adapter; what is opened by asking is closed at the end. */
export interface WiredPorts {
  readonly ports: AppPorts
  readonly toolPlaces: (server: string) => readonly ToolPlace[]
  /** Begins to load the grammar of SQL: it is there by the time that statements are looked at. */
  loadGrammar(): void
  /** Opens the place of the migrations now, and not at the first question. */
  openMigrations(): Promise<void>
  close(): Promise<void>
}

/** Wires the ports to a project's servers, files and programs. Of these only the ways to the servers are looked for at once. */
export async function wirePorts(project: Project, approvals: Approvals): Promise<WiredPorts> {
  const { config, folder } = project
  const reached = await reachProject(project)
  const sessions = openSessionPool(reached.servers, roomOf(config))
  // A rehearsal's own server joins them for as long as it is lent.
  const directory = openServerDirectory(sessions.servers)
  const { servers } = directory
  const parser = createSqlParser()
  let loading: Promise<unknown> | null = null
  let target: Promise<OpenedAlembicTarget> | null = null
  const findSite = (): Promise<OpenedAlembicTarget> => {
    target ??= reached.openSite()
    return target
  }
  const environment = environmentFor(project)
  const memory = createFingerprintMemory(await readKnownCatalogs(project.plansFolder))
  const source = createLazySource(async () =>
    holdPlaces(
      createSource({ config, folder, servers, parser, memory, target: await findSite(), environment }),
    ),
  )
  const finishTimeoutMs = config.execution.settleSeconds * 1_000
  const postgres = createPostgres(servers, { finishTimeoutMs, memory })
  const toolPlaces = createToolPlaces(reached.findService)
  const copies = {
    servers,
    records: openSnapshotRecords(snapshotsFolderOf(project)),
    fingerprint: postgres.servers.fingerprint,
    toolPlaces,
  }
  const noted = openCopyRecords(copiesFolderOf(project))
  const ports: EnginePorts = {
    ...postgres,
    lossFacts: createLossFacts(servers, parser),
    snapshots: createSnapshots(copies),
    restores: createRestores(copies),
    facts: createGateFacts(servers),
    isolation: createIsolation(servers, {
      tenantPassword: tenant => config.tenants.appPassword?.replaceAll('{tenant}', tenant.name) ?? null,
      shared: sharedTablesOf(config.tenants, config.migrations.sql?.versionTable ?? null),
      parser,
    }),
    source,
    parser,
    schemaFacts: createSchemaFacts(servers),
    dependents: createDependents(servers),
    replayFacts: createReplayFacts(servers),
    subscriberFacts: createSubscriberFacts(servers),
    reachFacts: createReachFacts(servers),
    shadows: createShadows({
      known: directory,
      sandboxObstacle: describeObstacle(config),
      source,
      servers: postgres.servers,
      toolPlaces,
      copies: noted,
    }),
    lockTracer: createLockTracer(name => findServer(servers, name)),
    rehearsals: createRehearsals(project.plansFolder),
    hooks: createHookRunner({
      folder,
      environment: { ...process.env, ...environment },
      secrets: [...servers.map(server => server.password), config.tenants.appPassword].filter(
        secret => typeof secret === 'string',
      ),
    }),
    assertions: createAssertions(servers),
    http: createHttpChecks(),
    approvals,
    store: createRunStore(project.runsFolder),
    clock: systemClock,
    digest: text => createHash('sha256').update(text).digest('hex'),
  }
  const faultPoint = readFaultPoint(process.env.LOCKSTEP_FAULT)
  const lent = faultPoint ? withBoundaries(ports, faultPoint) : ports
  return {
    ports: {
      ...lent,
      plans: openPlanStore(project.plansFolder),
      rollbacks: openRollbackStore(project.plansFolder),
      archive: openRunArchive(project.runsFolder),
      leftCopies: createLeftCopies(project, { ports: lent, servers, noted, records: copies.records }),
      newRunId,
    },
    toolPlaces: name => toolPlaces(findServer(servers, name)),
    loadGrammar() {
      loading = parser.describe('select')
    },
    async openMigrations() {
      await findSite()
    },
    async close() {
      await loading
      await source.close()
      await sessions.close()
      await keepKnownCatalogs(project.plansFolder, memory.list())
      await target?.then(
        opened => opened.close(),
        () => undefined,
      )
      await reached.close()
    },
  }
}

/** Why a copy in a server of this machine is of no use to the migrations; null where it is. */
function describeObstacle({ migrations }: Project['config']): string | null {
  const service = migrations.alembic?.service
  return service === undefined
    ? null
    : `the migrations run in service ${service}, which cannot reach this machine`
}

/** How many connections to one server there may be for all that a project does. */
function roomOf({ execution, gates }: Project['config']): RoomLimits {
  return {
    most: execution.connectionsPerServer,
    fewest: fewestConnections,
    spare: gates.capacity.spareConnections,
  }
}
