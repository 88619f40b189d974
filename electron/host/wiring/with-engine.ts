import { createHash } from 'node:crypto'
import { createHttpChecks } from '../../adapters/http/check-url.ts'
import { createSqlParser } from '../../adapters/libpg-query/create-sql-parser.ts'
import type { ToolPlace } from '../../adapters/pg-tools/tool-place.ts'
import { createDependents } from '../../adapters/postgres/catalog/dependents.ts'
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
import { findServer } from '../../adapters/postgres/session/find-server.ts'
import { keepSessions } from '../../adapters/postgres/session/kept-sessions.ts'
import { openServerDirectory } from '../../adapters/postgres/session/server-directory.ts'
import { createHookRunner } from '../../adapters/processes/run-hook.ts'
import { newRunId } from '../../adapters/run-log/new-run-id.ts'
import { createRunStore } from '../../adapters/run-log/run-store.ts'
import type { AppPorts } from '../../app/app-ports.ts'
import { withBoundaries } from '../../engine/boundaries/with-boundaries.ts'
import type { Approvals } from '../../engine/ports/approvals.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import { copiesFolderOf, openCopyRecords } from '../copies/copy-records.ts'
import { createLeftCopies } from '../copies/left-copies.ts'
import { createRehearsals } from '../kept/kept-rehearsals.ts'
import { openRollbackStore } from '../kept/kept-rollbacks.ts'
import { openPlanStore } from '../kept/plan-store.ts'
import { openRunArchive } from '../kept/run-archive.ts'
import { createSource } from '../migrations/create-source.ts'
import { createToolPlaces } from '../pg-tools/list-tool-places.ts'
import { readFaultPoint } from '../settings/fault-points.ts'
import type { Project } from '../settings/load-project.ts'
import { environmentFor } from '../settings/pass-file-of.ts'
import { sharedTablesOf } from '../settings/shared-tables-of.ts'
import { systemClock } from '../settings/system-clock.ts'
import { createRestores } from '../snapshots/create-restores.ts'
import { createSnapshots } from '../snapshots/create-snapshots.ts'
import { openSnapshotRecords, snapshotsFolderOf } from '../snapshots/kept-snapshots.ts'
import { createShadows } from './create-shadows.ts'
import { reachProject } from './reach-project.ts'

/** Nobody approves: for verbs that only look. */
export const noApprovals: Approvals = { ask: async () => ({ answer: 'nobody_there' }) }

/** Wires the engine to a project's servers, files and programs, and ends what was started. */
export async function withEngine<T>(
  project: Project,
  approvals: Approvals,
  use: (ports: AppPorts, toolPlaces: (server: string) => readonly ToolPlace[]) => Promise<T>,
): Promise<T> {
  const { config, folder } = project
  const reached = await reachProject(project)
  const { site } = reached
  const sessions = keepSessions(reached.servers)
  // A rehearsal's own server joins them for as long as it is lent.
  const directory = openServerDirectory(sessions.servers)
  const { servers } = directory
  const parser = createSqlParser()
  // The grammar is loaded while servers and interpreters are waited for.
  const loading = parser.describe('select')
  const source = createSource({ config, folder, servers, parser, site, environment: environmentFor(project) })
  const postgres = createPostgres(servers, { finishPatienceMs: config.execution.settleSeconds * 1_000 })
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
    lossFacts: createLossFacts(servers),
    snapshots: createSnapshots(copies),
    restores: createRestores(copies),
    facts: createGateFacts(servers),
    isolation: createIsolation(servers, {
      tenantPassword: tenant => config.tenants.appPassword?.replaceAll('{tenant}', tenant.name) ?? null,
      shared: sharedTablesOf(config.tenants, config.migrations.sql?.versionTable ?? null),
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
      sandboxObstacle:
        site.workplace && `the migrations run in ${site.workplace.place}, which cannot reach this machine`,
      source,
      servers: postgres.servers,
      toolPlaces,
      copies: noted,
    }),
    lockTracer: createLockTracer(name => findServer(servers, name)),
    rehearsals: createRehearsals(project.plansFolder),
    hooks: createHookRunner({
      folder,
      environment: { ...process.env, ...environmentFor(project) },
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
  try {
    const lent = faultPoint ? withBoundaries(ports, faultPoint) : ports
    const leftCopies = createLeftCopies(project, { ports: lent, servers, noted, records: copies.records })
    const lentToApp: AppPorts = {
      ...lent,
      plans: openPlanStore(project.plansFolder),
      rollbacks: openRollbackStore(project.plansFolder),
      archive: openRunArchive(project.runsFolder),
      leftCopies,
      newRunId,
    }
    return await use(lentToApp, name => toolPlaces(findServer(servers, name)))
  } finally {
    await loading
    await source.close()
    await sessions.close()
    await reached.close()
  }
}
