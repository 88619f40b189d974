import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { parse } from 'yaml'
import { type DevCompose, devComposeFile, openDevCompose } from './dev-compose.ts'
import { type LockstepHome, openLockstepHome } from './run-lockstep.ts'
import { waitUntil } from './wait-until.ts'

/** The newest revision of the Alembic project that docker-compose.dev.yml mounts. */
export const devHead = 'c27fa9e4d815'

/** Where docker-compose.dev.yml lies. */
export const devFolder = dirname(devComposeFile)

/** Passwords of the dev project in these tests: nothing may print or keep them. */
export const devSecrets = {
  LOCKSTEP_POSTGRES_PASSWORD: 'Ligurian-Kestrel-71',
  LOCKSTEP_REPLICATION_PASSWORD: 'Velvet-Sandpiper-29',
}

const tenants = ['tenant_ash', 'tenant_birch', 'tenant_cedar']

/**
 * One start of docker-compose.dev.yml for all tests of a file, lent to each up and streaming, with tenants that are new, and
 * a place of its own to run command lines in.
 */
export function shareDevProject(label: string) {
  let opened: Awaited<ReturnType<typeof openDevCompose>> | null = null
  afterAll(() => opened?.close())
  return async (use: (project: DevCompose, home: LockstepHome) => Promise<void>): Promise<void> => {
    if (opened) await makeTenantsAnew(opened.project)
    else opened = await openDevCompose({ label, variables: devSecrets })
    const { project } = opened
    const home = openLockstepHome()
    try {
      await waitForStandbys(project)
      await use(project, home)
    } finally {
      await home.close()
    }
  }
}

/** As the example's own script makes them when its servers are new. */
async function makeTenantsAnew(project: DevCompose): Promise<void> {
  for (const tenant of tenants) {
    await askService(project, 'primary', `drop database ${tenant} with (force)`)
    await askService(project, 'primary', `create database ${tenant} owner ${tenant}`)
    await askService(project, 'primary', `revoke connect, temporary on database ${tenant} from public`)
  }
}

/** A folder with the project file of the example, for this start of it: gives up sooner on a server that is gone. */
export function writeDevConfig(project: DevCompose, home: LockstepHome): string {
  const folder = mkdtempSync(join(home.folder, 'project-'))
  const example = parse(readFileSync(join(devFolder, 'examples/shop-compose/lockstep.yml'), 'utf8'))
  const config = {
    ...example,
    project: project.projectName,
    compose: { files: [devComposeFile], project: project.projectName },
    execution: { ...example.execution, replicaDeadlineSeconds: 5, settleSeconds: 10 },
  }
  writeFileSync(join(folder, 'lockstep.yml'), JSON.stringify(config))
  return folder
}

/** Waits until every standby streams, the cascade too. */
export async function waitForStandbys(project: DevCompose): Promise<void> {
  const count = (service: string) =>
    askService(project, service, 'select count(*) from pg_stat_replication').catch(() => 'unknown')
  await waitUntil(async () => (await count('primary')) === '2', 'two standbys to stream', 60)
  await waitUntil(async () => (await count('standby-1')) === '1', 'the cascade to stream', 60)
}

/** The revision of each tenant on the primary; `none` before the first. */
export async function readDevHeads(project: DevCompose): Promise<readonly string[]> {
  return Promise.all(tenants.map(tenant => readDevHead(project, 'primary', tenant)))
}

/** The revision of one tenant as one server has it; `none` before the first. */
export async function readDevHead(project: DevCompose, service: string, tenant: string): Promise<string> {
  const known = `select to_regclass('public.alembic_version') is not null`
  if ((await askService(project, service, known, tenant)) !== 't') return 'none'
  const head = await askService(project, service, 'select version_num from alembic_version', tenant)
  return head === '' ? 'none' : head
}

/** One answer of a server, asked by `psql` inside its container. */
export async function askService(
  project: DevCompose,
  service: string,
  sql: string,
  database = 'postgres',
): Promise<string> {
  const args = ['exec', '-T', service, 'psql', '-U', 'postgres', '-d', database, '-Atc', sql]
  return (await project.compose(...args)).trim()
}
