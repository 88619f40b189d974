import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { ContainerFacts } from '../../../shared/server/docker-container.ts'
import type { FoundMigrations } from '../../../shared/topology/discovered-project.ts'
import type { Docker } from '../../adapters/docker/docker.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { ComposeEnvironment } from '../docker/open-compose-environment.ts'

/** Where images keep their application, besides the working folder. */
const usualFolders = ['/app', '/srv/app', '/usr/src/app', '/code', '/opt/app', '/workspace']

/** Arguments are folders; prints `ini PATH` for each Alembic project and `python PATH` for an interpreter beside Alembic. */
const search = `
for folder in "$@"; do
  for file in "$folder/alembic.ini" "$folder"/*/alembic.ini; do
    if [ -f "$file" ]; then echo "ini $file"; fi
  done
  if [ -f "$folder/pyproject.toml" ] && grep -q '^\\[tool\\.alembic\\]' "$folder/pyproject.toml"; then
    echo "ini $folder/pyproject.toml"
  fi
  for program in "$folder/.venv/bin/alembic" "$folder/venv/bin/alembic"; do
    if [ -x "$program" ]; then echo "python \${program%alembic}python"; fi
  done
done
for program in "$VIRTUAL_ENV/bin/alembic" /opt/venv/bin/alembic /srv/venv/bin/alembic /venv/bin/alembic "$(command -v alembic)"; do
  if [ -n "$program" ] && [ -x "$program" ]; then echo "python \${program%alembic}python"; fi
done
true`

/** Looks for the migrations of a project: in the running containers that are no servers, and in the folder itself. */
export async function findMigrations(
  compose: ComposeEnvironment,
  services: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<readonly FoundMigrations[]> {
  const { docker, containers } = compose
  const running = services.flatMap(
    service => containers.find(one => one.compose?.service === service && one.state === 'running') ?? [],
  )
  const inside = docker
    ? await mapConcurrently(running, 8, container => lookInside(docker, container, signal))
    : []
  const found = inside.flat()
  // A folder that is mounted into a container is one project, not two.
  const mounted = new Set(found.flatMap(one => hostPath(one, running) ?? []))
  const beside = lookIntoFolder(folder).filter(one => !mounted.has(join(folder, one.path)))
  return [...found, ...beside]
}

/** Where a file of a container lies on this machine; null when it is not mounted from it. */
function hostPath({ service, path }: FoundMigrations, containers: readonly ContainerFacts[]): string | null {
  const mounts = containers.find(one => one.compose?.service === service)?.mounts ?? []
  const mount = mounts.find(one => one.type === 'bind' && path.startsWith(`${one.destination}/`))
  return mount ? join(mount.source, path.slice(mount.destination.length)) : null
}

async function lookInside(
  docker: Docker,
  container: ContainerFacts,
  signal: AbortSignal,
): Promise<readonly FoundMigrations[]> {
  const folders = [
    ...new Set([container.workingDir, ...usualFolders].filter(one => one !== '' && one !== '/')),
  ]
  const command = ['sh', '-c', search, 'sh', ...folders]
  const { stdout } = await docker.runProgram(container.id, command, { timeoutMs: 10_000 }, signal)
  const lines = stdout.split('\n')
  const interpreter = lines.find(line => line.startsWith('python '))?.slice('python '.length) ?? null
  const paths = lines.filter(line => line.startsWith('ini ')).map(line => line.slice('ini '.length))
  return [...new Set(paths)].map(path => ({
    service: container.compose?.service ?? container.name,
    kind: 'alembic' as const,
    path,
    interpreter,
  }))
}

/** Where migrations may lie in a folder of this machine: itself, one level below, and the usual place for SQL files. */
export function listMigrationFolders(folder: string): readonly string[] {
  return [...listPlaces(folder), join(folder, 'db', 'migrations')]
}

function listPlaces(folder: string): readonly string[] {
  const below = readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(entry => join(folder, entry.name))
  return [folder, ...below]
}

/** Alembic projects and SQL files of a folder of this machine, one level deep. */
export function lookIntoFolder(folder: string): readonly FoundMigrations[] {
  const alembic = listPlaces(folder).flatMap(place => findAlembic(place) ?? [])
  const sql = listMigrationFolders(folder).filter(hasSqlFiles)
  const shown = (path: string) => relative(folder, path)
  return [
    ...alembic.map(path => ({
      service: null,
      kind: 'alembic' as const,
      path: shown(path),
      interpreter: null,
    })),
    ...sql.map(path => ({ service: null, kind: 'sql' as const, path: shown(path), interpreter: null })),
  ]
}

function findAlembic(folder: string): string | null {
  const ini = join(folder, 'alembic.ini')
  if (existsSync(ini)) return ini
  const pyproject = join(folder, 'pyproject.toml')
  if (!existsSync(pyproject)) return null
  return /^\[tool\.alembic\]/m.test(readFileSync(pyproject, 'utf8')) ? pyproject : null
}

function hasSqlFiles(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some(file => file.endsWith('.up.sql'))
}
