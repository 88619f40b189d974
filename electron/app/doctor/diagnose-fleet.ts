import { describeHiddenRows } from '../../../shared/analysis/hidden-rows.ts'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { ServerObservation, Tenant, Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { describeUndeclared } from '../../discovery/describe-undeclared.ts'
import { primaryOf } from '../../engine/context/run-context.ts'
import { judgeSecretDelay, looksArchiveOnly } from '../../engine/gates/replicas/replay-promises.ts'
import { findBlock } from '../../engine/open-runs/find-block.ts'
import { findHeldLock } from '../../engine/open-runs/find-held-lock.ts'
import { findOpenRuns, nameUnfinished, type OpenRun } from '../../engine/open-runs/find-open-runs.ts'
import { listOpenVotes, refusalOf } from '../../engine/open-runs/list-open-votes.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import { chooseTarget } from '../../engine/routes/choose-target.ts'
import { discoverTopology } from '../../engine/topology/discover-topology.ts'
import { readEach } from '../../engine/topology/unreadable-tenants.ts'
import { describeCopy } from '../describe-copy.ts'
import { describeOtherRun } from '../describe-other-run.ts'
import type { LeftCopies, LeftCopy } from '../ports/left-copies.ts'
import { splitVotesOf } from '../split-votes-of.ts'
import { diagnoseLimits } from './diagnose-limits.ts'
import { type DiagnosisItem, ok, problem, warning } from './diagnosis-item.ts'

interface DoctorPorts
  extends Pick<EnginePorts, 'source' | 'servers' | 'facts' | 'prepared' | 'store' | 'locks'> {
  readonly leftCopies: Pick<LeftCopies, 'list'>
}

/** Looks at revisions, servers, tenants and what earlier runs have left, and goes on where one thing is wrong. */
export async function diagnoseFleet(
  config: ProjectConfig,
  ports: DoctorPorts,
  signal: AbortSignal,
): Promise<FleetDiagnosis> {
  const [migrations, servers, tenants, leftovers, copies] = await Promise.all([
    diagnoseSource(config, ports, signal),
    diagnoseServers(config, ports, signal),
    diagnoseTenants(config, ports, signal),
    diagnoseLeftovers(config, ports, signal),
    diagnoseCopies(ports.leftCopies, signal),
  ])
  return { migrations, servers, rest: [...tenants, ...leftovers, ...copies] }
}

/** What was found, in the order in which people read it; where dumps come from stands before the rest. */
export interface FleetDiagnosis {
  readonly migrations: readonly DiagnosisItem[]
  readonly servers: readonly DiagnosisItem[]
  readonly rest: readonly DiagnosisItem[]
}

async function diagnoseSource(
  config: ProjectConfig,
  ports: DoctorPorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  try {
    return describeGraph(config, await ports.source.describe(signal))
  } catch (error) {
    return [problem('migrations', toFailure(error))]
  }
}

function describeGraph(config: ProjectConfig, graph: MigrationGraph): readonly DiagnosisItem[] {
  const { interpreter } = graph.origin
  const items: DiagnosisItem[] = []
  if (interpreter) {
    const versions = Object.entries(interpreter.versions).map(([name, version]) => `${name} ${version}`)
    items.push(ok('interpreter', `${interpreter.path} (${interpreter.why}); ${versions.join(', ')}`))
  }
  const detail = `${graph.source}, ${graph.revisions.length} revisions, heads: ${graph.heads.join(', ') || 'none'}`
  const { failure } = chooseTarget([], config, graph)
  return [...items, failure ? problem('migrations', failure) : ok('migrations', detail)]
}

async function diagnoseServers(
  config: ProjectConfig,
  ports: DoctorPorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  return Promise.all(
    config.servers.map(async server => {
      const seen = await ports.servers.observe(server.name, signal)
      if (seen.failure) return problem(`server ${server.name}`, seen.failure)
      const capacity = await ports.facts.readCapacity(server.name, signal).catch(() => null)
      const slots = capacity ? `, max_prepared_transactions ${capacity.maxPreparedTransactions}` : ''
      const detail = `${seen.role} at ${seen.endpoint}, PostgreSQL ${formatVersion(seen)}${slots}`
      if (seen.role !== seen.declaredRole)
        return warning(`server ${server.name}`, `${detail}; declared as ${seen.declaredRole}`)
      if (capacity?.maxPreparedTransactions === 0 && server.role !== 'subscriber')
        return warning(`server ${server.name}`, `${detail}: atomic groups need prepared transactions`)
      const late = describeLateness(seen)
      if (late) return warning(`server ${server.name}`, `${detail}: ${late}`)
      return ok(`server ${server.name}`, detail)
    }),
  )
}

/** A standby that no run could wait for, and that is not declared so. */
function describeLateness(seen: ServerObservation): string | null {
  const secret = judgeSecretDelay(seen, null)
  if (secret) return `${secret.evidence.fact}. ${secret.remedy}`
  return looksArchiveOnly(seen)
    ? 'it has no WAL receiver; if it takes its WAL from an archive on purpose, declare it (replay: archive)'
    : null
}

async function diagnoseTenants(
  config: ProjectConfig,
  ports: DoctorPorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  try {
    const topology = await discoverTopology(config, ports, async () => undefined, signal)
    const names = topology.tenants.map(tenant => tenant.name)
    const isCounted = !config.waivers.some(({ gate }) => gate === 'foreign_keys')
    const { read, unreadable } = await readEach(
      topology.tenants,
      async tenant => {
        await enter(tenant, topology, ports, signal)
        return { tenant, hidden: isCounted ? await ports.facts.readHiddenRows(tenant, signal) : null }
      },
      signal,
    )
    const passedOver = (topology.passedOver ?? []).map(({ name, why }) => `${name} (${why})`)
    return [
      ok('tenants', `${names.length}: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`),
      ...[...(topology.unreadable ?? []), ...unreadable].map(({ tenant, failure }) =>
        problem(`tenant ${tenant}`, failure),
      ),
      ...read.flatMap(({ tenant, hidden }) => {
        if (hidden === null) return []
        const { fact, remedy } = describeHiddenRows(hidden)
        return [warning(`tenant ${tenant.name}`, `${fact}. ${remedy}`)]
      }),
      ...(await diagnoseLimits(config, topology, ports, signal)),
      ...topology.clusters
        .flatMap(cluster => cluster.undeclared ?? [])
        .map(one => warning(`server ${one.sender}`, describeUndeclared(one))),
      ...(passedOver.length > 0
        ? [warning('no tenants', `passed over, though tenants.databases matches: ${passedOver.join(', ')}`)]
        : []),
    ]
  } catch (error) {
    return [problem('tenants', toFailure(error))]
  }
}

/** A question that costs little more than the session: whether a tenant lets us in. */
async function enter(
  tenant: Tenant,
  topology: Topology,
  ports: DoctorPorts,
  signal: AbortSignal,
): Promise<void> {
  await ports.servers.listSchemas(primaryOf(topology, tenant), tenant.database, signal)
}

async function diagnoseLeftovers(
  config: ProjectConfig,
  ports: DoctorPorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  const subject = 'unfinished runs'
  try {
    return await describeLeftovers(subject, config, ports, signal)
  } catch (error) {
    return [problem(subject, toFailure(error))]
  }
}

async function describeLeftovers(
  subject: string,
  config: ProjectConfig,
  ports: DoctorPorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  const primaries = config.servers.filter(server => server.role === 'primary')
  const lists = await Promise.all(
    primaries.map(server => listOpenVotes(ports.prepared, [server.name], signal).catch(() => [])),
  )
  const runs = await ports.store.list()
  const openRuns = await findOpenRuns(config.project, runs, async id => foldAll(await ports.store.read(id)))
  const { inTheWay, others } = await splitVotesOf({ config, runs }, lists.flat(), ports, signal)
  const votes = refusalOf(inTheWay, runs, config.project)
  const held = await findHeldLock(primaries, ports.locks, signal).catch(() => null)
  const blocked = findBlock({ project: config.project, votes, held, runs, openRuns })
  const ofOthers = others.map(run => warning('other projects', describeOtherRun(run)))
  return [...describeOwn(subject, blocked, openRuns), ...ofOthers]
}

function describeOwn(
  subject: string,
  blocked: Failure | null,
  openRuns: readonly OpenRun[],
): readonly DiagnosisItem[] {
  // A run that is at work leaves nothing behind yet.
  if (blocked?.kind === 'run_locked') return [warning(subject, describeFailure(blocked).what)]
  const named = blocked?.kind === 'run_unfinished' ? blocked.runId : null
  const damaged = openRuns
    .filter(run => run.state === 'damaged' && run.runId !== named)
    .map(run => problem(subject, nameUnfinished(run)))
  if (blocked) return [problem(subject, blocked), ...damaged]
  const [first] = openRuns
  if (first === undefined) return [ok(subject, 'none')]
  const detail = `run ${first.runId} left a mixed or unproven state: lockstep recover ${first.runId}`
  return [warning(subject, detail)]
}

async function diagnoseCopies(
  copies: Pick<LeftCopies, 'list'>,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  const left = await copies.list(signal).catch((): readonly LeftCopy[] => [])
  return left.map(copy => warning('left behind', `${describeCopy(copy)}: lockstep recover removes it`))
}

function formatVersion({ version }: ServerObservation): string {
  return version === null ? 'unknown' : `${Math.floor(version / 10_000)}.${version % 10_000}`
}
