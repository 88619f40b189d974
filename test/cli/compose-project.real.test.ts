import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { devComposeFile } from '../support/dev-compose.ts'
import {
  devFolder as folder,
  devHead as head,
  readDevHead,
  readDevHeads,
  devSecrets as secrets,
  shareDevProject,
} from '../support/dev-project.ts'
import { needs } from '../support/needs.ts'
import { makeTestEnvironment } from '../support/python-environment.ts'

const it = needs('docker', 'docker compose')
const withDevProject = shareDevProject('compose')

it('a folder with a Compose file is shown, configured and migrated without a word of configuration', async () => {
  await withDevProject(async (project, home) => {
    const lockstep = (...args: string[]) => home.run(args, { folder, environment: project.env })

    const shown = await lockstep('topology', '--json')
    expect(shown.exitCode, shown.stderr).toBe(0)
    const topology = JSON.parse(shown.stdout)
    expect(topology).toMatchObject({ project: project.projectName, observation: 'observed' })
    expect(topology.daemon.state).toBe('connected')
    expect(kinds(topology.services)).toEqual({
      app: 'migrations',
      primary: 'postgres',
      'standby-1': 'postgres',
      'standby-2': 'postgres',
      'standby-3': 'postgres',
    })
    const [cluster] = topology.clusters
    expect(topology.clusters).toHaveLength(1)
    expect(cluster.primary).toMatchObject({ server: 'primary', role: 'primary', way: 'published_port' })
    expect(ways(cluster.standbys)).toEqual({
      'standby-1': 'published_port',
      'standby-2': 'container_exec',
      'standby-3': 'container_exec',
    })
    const identifiers = [cluster.primary, ...cluster.standbys].map(one => one.systemIdentifier)
    expect(new Set(identifiers).size).toBe(1)
    for (const standby of cluster.standbys) expect(standby.replication.lagBytes).toEqual(expect.any(Number))
    expect(topology.links.map(({ server, from }: Link) => `${server} from ${from}`).sort()).toEqual([
      'standby-1 from primary',
      'standby-2 from primary',
      'standby-3 from standby-1',
    ])
    expect(topology.tenants.map((tenant: { name: string }) => tenant.name)).toEqual([
      'tenant_ash',
      'tenant_birch',
      'tenant_cedar',
    ])
    expect(topology.migrations).toEqual([
      {
        service: 'app',
        kind: 'alembic',
        path: '/srv/app/alembic.ini',
        interpreter: '/srv/venv/bin/python',
      },
    ])

    const run = await lockstep('run', '--yes', '--json')
    expect(run.exitCode, run.stderr).toBe(0)
    const report = JSON.parse(run.stdout)
    expect(report).toMatchObject({ outcome: 'migrated', project: project.projectName })
    expect(report.summary).toMatchObject({ tenants_validated: 3, rollback_required: false })
    expect(ways(report.servers)).toEqual({
      primary: 'published_port',
      'standby-1': 'published_port',
      'standby-2': 'container_exec',
      'standby-3': 'container_exec',
    })
    expect(report.replicas.map((one: { caught_up: boolean }) => one.caught_up)).toEqual([true, true, true])
    expect(await readDevHeads(project)).toEqual([head, head, head])
    expect(await readDevHead(project, 'standby-3', 'tenant_cedar')).toBe(head)

    // The secrets of the project are nowhere in what was printed or kept.
    const kept = readAll(home.stateFolder)
    for (const text of [shown.stdout, run.stdout, run.stderr, kept]) {
      expect(text).not.toContain(secrets.LOCKSTEP_POSTGRES_PASSWORD)
      expect(text).not.toContain(secrets.LOCKSTEP_REPLICATION_PASSWORD)
    }

    const again = await lockstep('run', '--yes', '--json')
    expect(again.exitCode, again.stderr).toBe(0)
    expect(JSON.parse(again.stdout).outcome).toBe('nothing_to_do')
    expect((await lockstep('doctor')).stdout).toMatch(/ok +docker +docker /)
  })
})

it('init writes a project file from what it finds, and every verb works with it', async () => {
  await withDevProject(async (project, home) => {
    const own = mkdtempSync(join(home.folder, 'project-'))
    const environment = { ...project.env, COMPOSE_FILE: devComposeFile }
    const lockstep = (...args: string[]) => home.run(args, { folder: own, environment })
    const made = await lockstep('init')
    expect(made.exitCode, made.stderr).toBe(0)
    expect(made.stdout).toContain('3 tenants: tenant_ash, tenant_birch, tenant_cedar')
    expect(made.stdout).toContain('/srv/app/alembic.ini in service app')
    const text = readFileSync(join(own, 'lockstep.yml'), 'utf8')
    expect(text).not.toContain(secrets.LOCKSTEP_POSTGRES_PASSWORD)
    expect(text).toContain('databases: tenant_*')
    expect(text.match(/service: (primary|standby-\d)/g)).toHaveLength(4)

    const refused = await lockstep('init')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('exists already')

    const nobody = await lockstep('init', '--force', '--tenants', 'nobody_*')
    expect(nobody.exitCode, nobody.stderr).toBe(2)
    expect(readFileSync(join(own, 'lockstep.yml'), 'utf8')).toBe(text)
    // A pattern that was given is kept as it is: a shorter one would take in who was left out.
    expect((await lockstep('init', '--force', '--tenants', 'tenant_a*')).exitCode).toBe(0)
    const narrowed = readFileSync(join(own, 'lockstep.yml'), 'utf8')
    expect(narrowed).toContain('- tenant_a*')
    expect(narrowed).not.toContain('tenant_*')
    expect((await lockstep('init', '--force')).exitCode).toBe(0)

    // From here on the file alone says which project is meant.
    const plain = { ...project.env, COMPOSE_PROJECT_NAME: undefined }
    const run = await home.run(['run', '--yes', '--json'], { folder: own, environment: plain })
    expect(run.exitCode, run.stderr).toBe(0)
    expect(JSON.parse(run.stdout).outcome).toBe('migrated')
    const status = await home.run(['status', '--json'], { folder: own, environment: plain })
    expect(JSON.parse(status.stdout).tenants.map((one: { behind: number }) => one.behind)).toEqual([0, 0, 0])
  })
})

needs('docker', 'docker compose', 'python')(
  'Alembic of this machine reaches a primary that only a tunnel leads to',
  async () => {
    await withDevProject(async (project, home) => {
      const own = mkdtempSync(join(home.folder, 'project-'))
      const made = await makeTestEnvironment('newest')
      const server = (name: string, role: string) => ({ name, service: name, role, way: 'container_exec' })
      const config = {
        version: 1,
        project: 'tunnel',
        compose: { files: [devComposeFile], project: project.projectName },
        servers: [server('primary', 'primary'), server('standby-1', 'standby')],
        tenants: { databases: 'tenant_*' },
        migrations: {
          alembic: {
            config: join(folder, 'examples/shop-compose/alembic/alembic.ini'),
            python: made.interpreter,
          },
        },
      }
      writeFileSync(join(own, 'lockstep.yml'), JSON.stringify(config))
      const environment = { ...project.env, COMPOSE_PROJECT_NAME: undefined }
      const run = await home.run(['run', '--yes', '--json'], { folder: own, environment })
      expect(run.exitCode, run.stderr).toBe(0)
      expect(ways(JSON.parse(run.stdout).servers)).toEqual({
        primary: 'container_exec',
        'standby-1': 'container_exec',
      })
      expect(await readDevHeads(project)).toEqual([head, head, head])
      // The socket that Alembic went through is gone with the run.
      expect(readdirSync(home.temporaryFolder)).toEqual([])
    })
  },
  300_000,
)

interface Link {
  readonly server: string
  readonly from: string
}

function kinds(services: readonly { readonly service: string; readonly kind: string }[]) {
  return Object.fromEntries(services.map(({ service, kind }) => [service, kind]))
}

function ways(servers: readonly { readonly server: string; readonly way: string }[]) {
  return Object.fromEntries(servers.map(({ server, way }) => [server, way]))
}

function readAll(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}
