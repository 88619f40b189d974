import { access, constants, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { describeUndeclared } from '../../shared/describe-undeclared.ts'
import { type Failure, toFailure } from '../../shared/failure.ts'
import { foldAll } from '../../shared/fold-run.ts'
import type { MigrationGraph } from '../../shared/migration-graph.ts'
import type { ServerObservation, Tenant, Topology } from '../../shared/topology.ts'
import { connectDocker } from '../adapters/docker/connect-docker.ts'
import { findProgram } from '../adapters/pg-tools/choose-tool.ts'
import type { ToolPlace } from '../adapters/pg-tools/tool-place.ts'
import type { LeftCopies, LeftCopy } from '../app/ports/left-copies.ts'
import { chooseTarget } from '../engine/choose-target.ts'
import { discoverTopology } from '../engine/discover-topology.ts'
import type { EnginePorts } from '../engine/engine-ports.ts'
import { findOpenRuns, nameUnfinished } from '../engine/find-open-runs.ts'
import { judgeSecretDelay, looksArchiveOnly } from '../engine/gates/replay-promises.ts'
import { listOpenVotes, refusalOf } from '../engine/list-open-votes.ts'
import { primaryOf } from '../engine/run-context.ts'
import { readEach } from '../engine/unreadable-tenants.ts'
import { describeCopy } from './copies/left-copies.ts'
import { needsSurroundings } from './docker/reach-servers.ts'
import type { Project } from './load-project.ts'
import { openProject, type ProjectChoice } from './open-project.ts'
import { noApprovals, withEngine } from './with-engine.ts'

/** One thing that `lockstep doctor` looked at. */
export interface DiagnosisItem {
  readonly subject: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly detail: string
  /** What is wrong, when something is. */
  readonly failure: Failure | null
}

/** Looks at everything that a run needs, and goes on where one thing is wrong. */
export async function diagnoseProject(
  choice: ProjectChoice,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  const node = ok('node', `${process.version} on ${process.platform}-${process.arch}`)
  let project: Project
  try {
    project = await openProject(choice, signal)
  } catch (error) {
    return [node, problem('configuration', toFailure(error))]
  }
  const found = await withEngine(project, noApprovals, (ports, toolPlaces) =>
    Promise.all([
      diagnoseStore(project),
      diagnoseDocker(project, signal),
      diagnoseSource(project, ports, signal),
      diagnoseServers(project, ports, signal),
      diagnoseDumps(project, ports, toolPlaces, signal),
      diagnoseTenants(project, ports, signal),
      diagnoseLeftovers(project, ports, signal),
      diagnoseCopies(ports.leftCopies, signal),
    ]),
  )
  return [node, ok('configuration', project.file), ...found.flat()]
}

async function diagnoseStore(project: Project): Promise<readonly DiagnosisItem[]> {
  try {
    await mkdir(project.runsFolder, { recursive: true })
    await access(project.runsFolder, constants.W_OK)
    return [ok('run store', project.runsFolder)]
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return [problem('run store', { kind: 'log_unwritable', file: project.runsFolder, code })]
  }
}

/** Only where something of the project is a service. */
async function diagnoseDocker(project: Project, signal: AbortSignal): Promise<readonly DiagnosisItem[]> {
  if (!needsSurroundings(project.config)) return []
  const { docker, daemon } = await connectDocker({ environment: process.env, homeFolder: homedir() }, signal)
  await docker?.close()
  if (daemon.state !== 'connected') {
    return [problem('docker', { kind: 'docker_unavailable', state: daemon.state, tried: daemon.tried })]
  }
  const { engine, version, endpoint, rootless } = daemon
  return [ok('docker', `${engine} ${version} at ${endpoint}${rootless ? ', rootless' : ''}`)]
}

async function diagnoseSource(
  project: Project,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  try {
    return describeGraph(project, await ports.source.describe(signal))
  } catch (error) {
    return [problem('migrations', toFailure(error))]
  }
}

function describeGraph({ config }: Project, graph: MigrationGraph): readonly DiagnosisItem[] {
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
  project: Project,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  return Promise.all(
    project.config.servers.map(async server => {
      const seen = await ports.servers.observe(server.name, signal)
      if (seen.failure) return problem(`server ${server.name}`, seen.failure)
      const capacity = await ports.facts.readCapacity(server.name, signal).catch(() => null)
      const slots = capacity ? `, max_prepared_transactions ${capacity.maxPreparedTransactions}` : ''
      const detail = `${seen.role} at ${seen.endpoint}, PostgreSQL ${formatVersion(seen)}${slots}`
      if (seen.role !== seen.declaredRole)
        return warning(`server ${server.name}`, `${detail}; declared as ${seen.declaredRole}`)
      if (capacity?.maxPreparedTransactions === 0 && server.role !== 'subscriber')
        return warning(`server ${server.name}`, `${detail}: atomic groups need prepared transactions`)
      const late = describeLateness(seen, project.config.execution.replicaDeadlineSeconds)
      if (late) return warning(`server ${server.name}`, `${detail}: ${late}`)
      return ok(`server ${server.name}`, detail)
    }),
  )
}

/** A standby that no run could wait for, and that is not declared so. */
function describeLateness(seen: ServerObservation, deadlineSeconds: number): string | null {
  const secret = judgeSecretDelay(seen, deadlineSeconds)
  if (secret) return `${secret.evidence.fact}. ${secret.remedy}`
  return looksArchiveOnly(seen)
    ? 'it has no WAL receiver; if it takes its WAL from an archive on purpose, declare it (replay: archive)'
    : null
}

/** Where a dump of each primary would come from; that there is none matters only to those who want dumps. */
async function diagnoseDumps(
  { config }: Project,
  ports: EnginePorts,
  toolPlaces: (server: string) => readonly ToolPlace[],
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  const primaries = config.servers.filter(server => server.role === 'primary')
  const items = primaries.map(async ({ name }): Promise<readonly DiagnosisItem[]> => {
    const { version } = await ports.servers.observe(name, signal)
    if (version === null) return []
    const serverMajor = Math.floor(version / 10_000)
    const choice = { name: 'pg_dump', places: toolPlaces(name), serverMajor } as const
    const found = await findProgram(choice, signal)
    const subject = `dumps of ${name}`
    if (found.isFound) {
      const { major, path } = found.tool
      const place = path === choice.name ? found.where : `${found.where} (${path})`
      return [ok(subject, `pg_dump ${major} ${place}`)]
    }
    const { data, how } = config.snapshots
    const fix = `put pg_dump and pg_restore of PostgreSQL ${serverMajor} on PATH`
    if (data !== 'never' && how === 'dump')
      return [problem(subject, { kind: 'usage', problem: found.tried, fix })]
    const detail = `from nowhere: ${found.tried}; ${fix}, or leave copies to the server`
    return [data !== 'never' && how === 'auto' ? warning(subject, detail) : ok(subject, detail)]
  })
  return (await Promise.all(items)).flat()
}

async function diagnoseTenants(
  project: Project,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  try {
    const topology = await discoverTopology(project.config, ports, async () => undefined, signal)
    const names = topology.tenants.map(tenant => tenant.name)
    const { unreadable } = await readEach(
      topology.tenants,
      tenant => enter(tenant, topology, ports, signal),
      signal,
    )
    const passedOver = (topology.passedOver ?? []).map(({ name, why }) => `${name} (${why})`)
    return [
      ok('tenants', `${names.length}: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`),
      ...[...(topology.unreadable ?? []), ...unreadable].map(({ tenant, failure }) =>
        problem(`tenant ${tenant}`, failure),
      ),
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
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<void> {
  await ports.servers.listSchemas(primaryOf(topology, tenant), tenant.database, signal)
}

async function diagnoseLeftovers(
  project: Project,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  const primaries = project.config.servers.filter(server => server.role === 'primary')
  const lists = await Promise.all(
    primaries.map(server => listOpenVotes(ports.prepared, [server.name], signal).catch(() => [])),
  )
  const subject = 'unfinished runs'
  const refusal = refusalOf(lists.flat())
  if (refusal) return [problem(subject, refusal)]
  const { store } = ports
  const open = await findOpenRuns(project.config.project, await store.list(), async id =>
    foldAll(await store.read(id)),
  )
  const [first] = open
  if (first === undefined) return [ok(subject, 'none')]
  if (first.state !== 'unproven') return [problem(subject, nameUnfinished(first))]
  const detail = `run ${first.runId} left a mixed or unproven state: lockstep recover ${first.runId}`
  return [warning(subject, detail)]
}

async function diagnoseCopies(copies: LeftCopies, signal: AbortSignal): Promise<readonly DiagnosisItem[]> {
  const left = await copies.list(signal).catch((): readonly LeftCopy[] => [])
  return left.map(copy => warning('left behind', `${describeCopy(copy)}: lockstep recover removes it`))
}

function formatVersion({ version }: ServerObservation): string {
  return version === null ? 'unknown' : `${Math.floor(version / 10_000)}.${version % 10_000}`
}

function ok(subject: string, detail: string): DiagnosisItem {
  return { subject, state: 'ok', detail, failure: null }
}

function warning(subject: string, detail: string): DiagnosisItem {
  return { subject, state: 'warning', detail, failure: null }
}

function problem(subject: string, failure: Failure): DiagnosisItem {
  return { subject, state: 'problem', detail: '', failure }
}
