import { access, constants, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { toFailure } from '../../shared/failure/failure.ts'
import { connectDocker } from '../adapters/docker/connect-docker.ts'
import { findProgram } from '../adapters/pg-tools/choose-tool.ts'
import type { ToolPlace } from '../adapters/pg-tools/tool-place.ts'
import { diagnoseFleet } from '../app/doctor/diagnose-fleet.ts'
import { type DiagnosisItem, ok, problem, warning } from '../app/doctor/diagnosis-item.ts'
import type { EnginePorts } from '../engine/ports/engine-ports.ts'
import { needsComposeEnvironment } from './docker/reach-servers.ts'
import { openProject, type ProjectChoice } from './project/open-project.ts'
import type { Project } from './settings/load-project.ts'
import { withMigrations } from './wiring/with-engine.ts'

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
  return withMigrations(project, async (ports, toolPlaces) => {
    const [store, docker, fleet, dumps] = await Promise.all([
      diagnoseStore(project),
      diagnoseDocker(project, signal),
      diagnoseFleet(project.config, ports, signal),
      diagnoseDumps(project, ports, toolPlaces, signal),
    ])
    const { migrations, servers, rest } = fleet
    const found = [store, docker, migrations, servers, dumps, rest]
    return [node, ok('configuration', project.file), ...found.flat()]
  })
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
  if (!needsComposeEnvironment(project.config)) return []
  const { docker, daemon } = await connectDocker({ environment: process.env, homeFolder: homedir() }, signal)
  await docker?.close()
  if (daemon.state !== 'connected') {
    return [problem('docker', { kind: 'docker_unavailable', state: daemon.state, tried: daemon.tried })]
  }
  const { engine, version, endpoint, rootless } = daemon
  return [ok('docker', `${engine} ${version} at ${endpoint}${rootless ? ', rootless' : ''}`)]
}

/** Where a dump of each primary would come from; that there is none matters only to those who want dumps. */
async function diagnoseDumps(
  { config }: Project,
  { servers }: Pick<EnginePorts, 'servers'>,
  toolPlaces: (server: string) => readonly ToolPlace[],
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  const primaries = config.servers.filter(server => server.role === 'primary')
  const items = primaries.map(async ({ name }): Promise<readonly DiagnosisItem[]> => {
    const { version } = await servers.observe(name, signal)
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
