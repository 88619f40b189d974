import { describe, expect, it } from 'vitest'
import { type InitRequest, initFromFound, initFromServers } from '../../../electron/app/init/init-project.ts'
import type { ProjectFolder } from '../../../electron/app/ports/project-folder.ts'
import type { LockstepError } from '../../../shared/failure/failure.ts'
import type { DiscoveredProject } from '../../../shared/topology/discovered-project.ts'

const never = new AbortController().signal
const primary = {
  name: 'primary',
  role: 'primary',
  host: 'db',
  port: 5432,
  user: 'postgres',
  database: 'postgres',
} as const

/** A folder without migrations, and a server with three databases; what was done is written down. */
function begin({ hasFile = false, isSilent = false } = {}) {
  const done: string[] = []
  let written: unknown = null
  const folder: ProjectFolder = {
    file: '/shop/lockstep.yml',
    hasFile: () => hasFile,
    findMigrations: () => [],
    refuseForeignMigrations: async () => undefined,
    writeFile: config => {
      done.push('written')
      written = config
    },
  }
  const servers = {
    observe: async (server: string) => {
      done.push(`observed ${server}`)
      return isSilent ? { failure: { kind: 'authentication_failed', server } } : {}
    },
    readLinks: async () => ({ senders: [], receivers: [] }),
    listDatabases: async () => ['postgres', 'tenant_10', 'tenant_2'],
  }
  const ask = (request: Partial<InitRequest> = {}) =>
    initFromServers(
      { tenants: ['*'], force: false, project: 'my shop', named: [primary], ...request },
      { folder, servers: servers as never },
      never,
    )
  return { folder, done, ask, written: () => written }
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error as LockstepError).failure,
  )

describe('a first project file from servers that are named', () => {
  it('has their databases as tenants, but for the one that sessions are opened in', async () => {
    const { ask, written } = begin()
    expect((await ask()).databases).toEqual(['tenant_10', 'tenant_2'])
    expect(written()).toMatchObject({
      project: 'my-shop',
      servers: [primary],
      tenants: { databases: '*' },
      migrations: { alembic: { config: 'alembic.ini' } },
    })
  })

  it('does not replace one that is there before it is asked to, and asks no server until then', async () => {
    const { ask, done } = begin({ hasFile: true })
    expect(await failureOf(ask())).toMatchObject({ kind: 'usage', fix: 'lockstep init --force' })
    expect(done).toEqual([])
    await ask({ force: true })
    expect(done).toEqual(['observed primary', 'written'])
  })

  it.each([
    ['a server does not let us in', { isSilent: true }, {}, 'authentication_failed'],
    ['no database is a tenant', {}, { tenants: ['shop_*'] }, 'tenants_empty'],
  ])('is not written where %s', async (_why, state, request, kind) => {
    const { ask, done } = begin(state)
    expect(await failureOf(ask(request))).toMatchObject({ kind })
    expect(done).not.toContain('written')
  })
})

describe('a first project file from what was found', () => {
  const found = {
    tenants: ['ash', 'birch', 'cedar'].map(name => ({ name, database: name })),
  } as unknown as DiscoveredProject
  const survey = async () => ({
    found,
    migrations: null,
    listTenants: () => ['ash', 'birch'],
    describeConfig: () => ({ version: 1, tenants: { databases: ['ash', 'birch'] }, groups: [] }),
  })

  it('takes the tenants that were found where none are named', async () => {
    const { folder, written } = begin()
    const { databases } = await initFromFound({ tenants: ['*'], force: false }, folder, survey, never)
    expect(databases).toEqual(['ash', 'birch'])
    expect(written()).toEqual(await survey().then(one => one.describeConfig()))
  })

  it('keeps the patterns that were given, and puts the first that fits into the first group', async () => {
    const { folder, written } = begin()
    const { databases } = await initFromFound({ tenants: ['c*'], force: false }, folder, survey, never)
    expect(databases).toEqual(['cedar'])
    expect(written()).toMatchObject({
      tenants: { databases: ['c*'] },
      groups: [{ name: 'canary', tenants: ['cedar'] }, { name: 'rest' }],
    })
  })
})
