import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { openLockstepHome } from '../../support/run-lockstep.ts'
import { smallMigrations } from '../../support/small-project.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'

type Environment = Readonly<Record<string, string>>

const home = openLockstepHome()
/** Holds the tenants and asks nobody for a password; `replica` is its standby. */
let shop: TestSandbox
/** Another application's server, with a password of its own. */
let reports: TestSandbox
let close: () => Promise<unknown> = async () => undefined

beforeAll(async () => {
  const settings = { log_connections: 'on' }
  const opened = await Promise.all([
    openSandbox({ standbys: 1, settings }),
    openSandbox({ standbys: 0, auth: 'scram', settings }),
  ])
  close = () => Promise.all(opened.map(one => one.close()))
  ;[shop, reports] = opened.map(one => one.sandbox) as [TestSandbox, TestSandbox]
  for (const sql of ['create role shopowner superuser login', ...['a', 'b'].map(makeTenant)])
    await shop.query(sql)
  await shop.waitForStandbys()
  await reports.query("create role rep superuser login password 'secret'")
  await reports.query('create database rep owner rep')
})

afterAll(async () => {
  await close()
  await home.close()
})

const makeTenant = (letter: string) => `create database tenant_${letter} owner shopowner`

/** A Compose project without a daemon: the servers are found by their published ports. */
function writeProject(services: Readonly<Record<string, { port: number; environment: Environment }>>) {
  const folder = join(home.folder, `compose-${Object.keys(services).join('-')}`)
  const compose = {
    name: 'apps',
    services: Object.fromEntries(
      Object.entries(services).map(([name, { port, environment }]) => [
        name,
        { image: 'postgres:18', environment, ports: [`127.0.0.1:${port}:5432`] },
      ]),
    ),
  }
  for (const [path, text] of Object.entries({ ...smallMigrations, 'compose.yaml': stringify(compose) })) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return {
    folder,
    run: (...args: string[]) =>
      home.run(args, { folder, environment: { DOCKER_HOST: `unix://${folder}/no-daemon.sock` } }),
  }
}

/** Who tried to log in on a server while something was done. */
async function watchLogins(server: { readonly logFile: string }, work: () => Promise<void>) {
  const before = readFileSync(server.logFile, 'utf8').length
  await work()
  const lines = readFileSync(server.logFile, 'utf8').slice(before)
  const names = [...lines.matchAll(/(?:user=|role |user )"?(\w+)"?/g)].map(found => found[1])
  return [...new Set(names)].sort()
}

const trusting = { POSTGRES_USER: 'shopowner', POSTGRES_HOST_AUTH_METHOD: 'trust' }
const secretive = { POSTGRES_USER: 'rep', POSTGRES_PASSWORD: 'secret' }

it('asks a server without a password as its own user, and another server never as that one', async () => {
  const project = writeProject({
    shop: { port: shop.primary.port, environment: trusting },
    reports: { port: reports.primary.port, environment: secretive },
  })
  const onReports = await watchLogins(reports.primary, async () => {
    const onShop = await watchLogins(shop.primary, async () => {
      const { stdout, stderr } = await project.run('topology')
      expect(stdout, stderr).not.toContain('problem')
      const written = await project.run('init')
      expect(written.exitCode, written.stderr).toBe(0)
    })
    // The sandbox's standby streams as its own user all the while.
    expect(onShop.filter(name => name !== 'replicator')).toEqual(['shopowner'])
  })
  expect(onReports).toEqual(['rep'])
})

it('writes the databases of the server with the tenants, and none of another application', async () => {
  const project = writeProject({
    shop: { port: shop.primary.port, environment: trusting },
    reports: { port: reports.primary.port, environment: secretive },
  })
  await project.run('init', '--force')
  const config = parse(readFileSync(join(project.folder, 'lockstep.yml'), 'utf8'))
  expect(config.servers.map((one: { name: string }) => one.name)).toContain('shop')
  expect(config.tenants.databases).toBe('tenant_*')
})

it('does not write a project file where a primary that may hold the tenants does not let it in', async () => {
  const project = writeProject({
    main: { port: shop.primary.port, environment: { POSTGRES_USER: 'nobody_here' } },
    reports: { port: reports.primary.port, environment: secretive },
  })
  const { exitCode, stderr } = await project.run('init')
  expect(exitCode).not.toBe(0)
  expect(stderr).toContain('Server main refuses the login of nobody_here')
})

it('asks a declared standby that says nothing of logins as its primary is asked, and a stranger not', async () => {
  const [standby] = shop.standbys
  const project = writeProject({
    shop: { port: shop.primary.port, environment: { POSTGRES_USER: 'shopowner', POSTGRES_PASSWORD: 'any' } },
    'shop-replica': { port: standby?.port ?? 0, environment: { PRIMARY_HOST: 'shop' } },
    'other-replica': { port: reports.primary.port, environment: { PRIMARY_HOST: 'db.elsewhere.internal' } },
  })
  const onStranger = await watchLogins(reports.primary, async () => {
    const onStandby = await watchLogins(standby ?? shop.primary, async () => {
      await project.run('topology')
      await project.run('init')
      await project.run('plan', '--no-rehearse')
    })
    expect(onStandby).toEqual(['shopowner'])
  })
  expect(onStranger).not.toContain('shopowner')
})
