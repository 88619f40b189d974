import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Client } from 'pg'
import { afterAll, beforeAll, expect } from 'vitest'
import { openTunnel } from '../../../electron/adapters/docker/tunnel.ts'
import { openClient } from '../../../electron/adapters/postgres/session/open-client.ts'
import { sendCancelRequest } from '../../../electron/adapters/postgres/session/send-cancel-request.ts'
import { needs } from '../../support/needs.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { catchFailure } from '../postgres/sandbox-settings.ts'
import { listCommands, never, useContainers } from './tunnel-fixture.ts'
import { connectThrough, describeTunnelled, readBackendPid } from './tunnel-sessions.ts'

const test = needs('docker')
const containers = useContainers()
const { engine } = containers
let server: string
beforeAll(async () => {
  server = await containers.startPostgres()
})
afterAll(() => containers.remove())

const forTest = { applicationName: 'lockstep test' }

test('opens a session, asks and ends it without leaving a process in the container', async () => {
  const client = await openClient(describeTunnelled(engine, server), 'postgres', forTest, never)
  const { rows } = await client.query<{ address: string }>('select host(inet_server_addr()) as address')
  expect(rows).toEqual([{ address: '127.0.0.1' }])
  await client.close()
  await waitUntil(
    async () => !(await listCommands(engine, server)).join().includes('lockstep-tunnel'),
    'the end',
  )
})

test('carries 50 MB in both directions byte for byte', async () => {
  const client = await connectThrough(engine, server)
  const bytes = Buffer.alloc(50_000_000)
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) % 2 ** 32, at)
  const { rows } = await client.query('select $1::bytea as back, md5($1) as sum', [bytes])
  expect(rows[0].sum).toBe(createHash('md5').update(bytes).digest('hex'))
  expect(bytes.equals(rows[0].back)).toBe(true)
  await client.end()
})

test('holds the server back while nobody reads', async () => {
  const client = await connectThrough(engine, server)
  const observer = await connectThrough(engine, server)
  const pid = await readBackendPid(client)
  const { stream } = client.connection
  let received = 0
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  const answer = client.query("select repeat('x', 1000000) from generate_series(1, 200)")
  await once(stream, 'data')
  stream.pause()
  await waitUntil(() => isHeldBack(observer, pid), 'the server to wait for its client')
  expect(received).toBeLessThan(20_000_000)
  stream.resume()
  expect((await answer).rowCount).toBe(200)
  expect(received).toBeGreaterThan(200_000_000)
  await Promise.all([client.end(), observer.end()])
})

test('says that the server refused when nothing listens on the port', async () => {
  const settings = describeTunnelled(engine, server, { dial: () => openTunnel(engine, server, 5999) })
  expect(await catchFailure(openClient(settings, 'postgres', forTest, never))).toEqual({
    kind: 'server_unreachable',
    server: 'main',
    endpoint: 'docker exec db',
    code: 'ECONNREFUSED',
  })
})

test('says that the server has no TLS when it is required', async () => {
  const settings = describeTunnelled(engine, server, { tls: 'require' })
  expect(await catchFailure(openClient(settings, 'postgres', forTest, never))).toMatchObject({
    kind: 'server_unreachable',
    code: 'TLS_NOT_SUPPORTED',
  })
})

test('cancels a running statement by the protocol’s own request', async () => {
  const settings = describeTunnelled(engine, server)
  const client = await connectThrough(engine, server)
  const observer = await connectThrough(engine, server)
  const sleeping = expect(client.query('select pg_sleep(600)')).rejects.toMatchObject({ code: '57014' })
  const key = readCancelKey(client)
  await waitUntil(async () => {
    const { rows } = await observer.query(
      'select 1 from pg_stat_activity where pid = $1 and wait_event = $2',
      [key.processId, 'PgSleep'],
    )
    return rows.length === 1
  }, 'the statement to run')
  await sendCancelRequest(settings, key, 10_000)
  await sleeping
  await Promise.all([client.end(), observer.end()])
})

test('cancels when the signal comes', async () => {
  const stop = new AbortController()
  const client = await openClient(describeTunnelled(engine, server), 'postgres', forTest, stop.signal)
  const sleeping = catchFailure(client.query('select pg_sleep(600)'))
  stop.abort(new Error('enough'))
  expect(await sleeping).toMatchObject({ kind: 'cancelled' })
  await client.close()
})

test('carries twenty sessions at the same time', async () => {
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectThrough(engine, server)))
  const pids = await Promise.all(clients.map(readBackendPid))
  expect(new Set(pids).size).toBe(20)
  await Promise.all(clients.map(client => client.end()))
})

test('names the programs of which the container has none', async () => {
  const bare = await containers.startBeside(server, 'postgres', ['sh', 'cat'])
  await expect(connectThrough(engine, bare)).rejects.toMatchObject({
    code: 'TUNNEL_PROGRAM_MISSING',
    message: expect.stringContaining('perl, python3, bash, socat, nc'),
  })
})

test('names the programs also when there is not even a shell', async () => {
  const bare = await containers.startBeside(server, 'postgres', ['cat'])
  await expect(connectThrough(engine, bare)).rejects.toMatchObject({ code: 'TUNNEL_PROGRAM_MISSING' })
})

test('says that the container is not running', async () => {
  const stopped = await containers.startBeside(server, 'postgres', ['sh'])
  await engine.getContainer(stopped).kill()
  await engine.getContainer(stopped).wait()
  await expect(connectThrough(engine, stopped)).rejects.toMatchObject({
    code: 'CONTAINER_NOT_RUNNING',
    message: 'the container is not running',
  })
})

test('closes when it is destroyed before the connection stands', async () => {
  const tunnel = openTunnel(engine, server, 5432).setNoDelay(true).setKeepAlive(true).unref().ref()
  tunnel.connect(5432, 'ignored')
  const closed = once(tunnel, 'close')
  tunnel.destroy()
  await closed
  await waitUntil(
    async () => !(await listCommands(engine, server)).join().includes('lockstep-tunnel'),
    'the end',
  )
})

async function isHeldBack(observer: Client, pid: number): Promise<boolean> {
  const { rows } = await observer.query('select wait_event from pg_stat_activity where pid = $1', [pid])
  return rows[0]?.wait_event === 'ClientWrite'
}

/** What the driver keeps for cancelling; its types do not name it. */
function readCancelKey(client: Client): { readonly processId: number; readonly secret: number } {
  return { processId: Reflect.get(client, 'processID'), secret: Reflect.get(client, 'secretKey') }
}
