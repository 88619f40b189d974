import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { TenantServer } from '../../../electron/adapters/alembic/alembic-options.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { type AlembicBench, openBench, tenantOf } from './support/alembic-bench.ts'
import { asyncEnvironment, stockEnvironment, threeRevisions } from './support/alembic-project.ts'

const test = needs('python')
const oldest = needs('python', 'oldest python')
const signal = new AbortController().signal
const password = "se/cr@et%:'x"
let folder: string
let bench: AlembicBench

beforeAll(async () => {
  // Paths of sockets are short; the plus and the percent must survive the URL.
  folder = await mkdtemp(join('/tmp', 'lockstep sock+%41-'))
  // As root, the server runs as another user.
  await chmod(folder, 0o777)
  bench = await openBench(await pythonEnvironment(), { unix_socket_directories: folder })
})
afterAll(async () => {
  await bench?.close()
  await rm(folder, { recursive: true, force: true })
})

const socketServer = (more: Partial<TenantServer> = {}): TenantServer => ({
  name: 'primary',
  host: folder,
  port: bench.sandbox.primary.port,
  user: 'postgres',
  password,
  tls: 'disable',
  ...more,
})

test.each([
  { driver: 'psycopg', tls: 'disable', environment: stockEnvironment },
  { driver: 'psycopg2', tls: 'disable', environment: stockEnvironment },
  { driver: 'asyncpg', tls: 'disable', environment: asyncEnvironment },
  // No driver encrypts a socket.
  { driver: 'psycopg', tls: 'verify-full', environment: stockEnvironment },
  { driver: 'asyncpg', tls: 'verify-full', environment: asyncEnvironment },
] as const)('migrates through a socket of this machine: $driver, tls $tls', async parts => {
  const { driver, tls, environment } = parts
  const database = `Sock? ${driver} ${tls} ü%41`
  await bench.sandbox.query(`create database "${database}"`)
  const project = await bench.project(
    // Where the project's own URL leads by its options must not matter.
    { revisions: threeRevisions, environment, url: `postgresql+${driver}://u@h/d?host=/nowhere&port=1` },
    { serverFor: () => socketServer({ tls }) },
  )
  expect(await project.source.readHeads(tenantOf(database), signal)).toEqual([])
  const { result } = await project.migrate(database, { gid: 'lockstep:socket' })
  expect(result.status).toBe('finished')
  const prepared = await bench.sandbox.query('select gid, database from pg_prepared_xacts')
  expect(prepared).toEqual([{ gid: 'lockstep:socket', database }])
  await bench.sandbox.query("commit prepared 'lockstep:socket'", database)
  expect(await project.source.readHeads(tenantOf(database), signal)).toEqual(['r3'])
  await project.close()
})

oldest(
  'migrates through a socket with the oldest versions that are promised',
  async () => {
    const database = 'oldest sock'
    await bench.sandbox.query(`create database "${database}"`)
    const project = await bench.project(
      { revisions: threeRevisions },
      { interpreter: await pythonEnvironment('oldest'), serverFor: () => socketServer() },
    )
    expect((await project.migrate(database)).result.status).toBe('finished')
    expect(await project.source.readHeads(tenantOf(database), signal)).toEqual(['r3'])
    await project.close()
  },
  300_000,
)

test('refuses an env.py that connects past the socket, although database and port are alike', async () => {
  await bench.sandbox.query('create database elsewhere')
  const { host, port } = bench.sandbox.primary
  const project = await bench.project(
    {
      revisions: threeRevisions,
      environment: stockEnvironment.replace(
        'config = context.config',
        `config = context.config\nconfig.set_main_option("sqlalchemy.url", "postgresql+psycopg://postgres@${host}:${port}/elsewhere")`,
      ),
    },
    { serverFor: () => socketServer() },
  )
  const failure = {
    kind: 'wrong_database',
    tenant: 'elsewhere',
    expected: `elsewhere on ${folder}`,
    actual: `elsewhere on ${host}`,
  }
  expect(await project.source.readHeads(tenantOf('elsewhere'), signal).catch(toFailure)).toEqual(failure)
  expect((await project.migrate('elsewhere')).result).toEqual({ status: 'rolled_back', failure })
  await project.close()
})

test('says that a socket is not there, and never the password', async () => {
  const project = await bench.project(
    { revisions: threeRevisions },
    { serverFor: () => socketServer({ host: '/nowhere' }) },
  )
  const failure = await project.source.readHeads(tenantOf('postgres'), signal).catch(toFailure)
  const endpoint = `/nowhere:${bench.sandbox.primary.port}`
  expect(failure).toMatchObject({ kind: 'server_unreachable', server: 'primary', endpoint })
  expect(JSON.stringify(failure)).not.toContain('cr@et')
  await project.close()
})
