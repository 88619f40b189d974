import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { needs } from '../../support/needs.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { listCommands, readSocketPath, useContainers } from './tunnel-fixture.ts'
import { connectThrough, readBackendPid, waitUntilGone } from './tunnel-sessions.ts'

const test = needs('docker')
const containers = useContainers()
const { engine } = containers
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-holder-')))
let server: string
let observer: Client
beforeAll(async () => {
  await bundleHolder()
  server = await containers.startPostgres()
  observer = await connectThrough(engine, server)
  await observer.query('create table held ()')
})
afterAll(async () => {
  await observer?.end()
  await containers.remove()
  rmSync(folder, { recursive: true })
})

const programs = [
  { program: 'perl', image: 'postgres', with: ['sh', 'perl'] },
  { program: 'python3', image: 'app', with: ['sh', 'python3'] },
  { program: 'bash', image: 'postgres', with: ['sh', 'bash', 'cat', 'sleep'] },
  { program: 'socat', image: 'app', with: ['sh', 'socat'] },
  { program: 'nc of busybox', image: 'app', with: ['sh', 'busybox'] },
  { program: 'bash without sh', image: 'postgres', with: ['bash', 'cat', 'sleep'] },
  { program: 'python3 without sh', image: 'app', with: ['python3'] },
  { program: 'perl without sh', image: 'postgres', with: ['perl'] },
] as const

describe.each(programs)('a tunnel by $program', ({ program, image, with: names }) => {
  let beside: string
  let lacking: string
  beforeAll(async () => {
    beside = await containers.startBeside(server, image, names)
    lacking = await containers.readLacking(beside)
  })

  test('has its program in the image that it is tried in', () => {
    expect(lacking).toBe('')
  })

  test('carries an answer of several megabytes and leaves nothing when the session ends', async () => {
    const client = await connectThrough(engine, beside)
    const { rows } = await client.query('select $1::text as back', ['y'.repeat(5_000_000)])
    expect(rows[0].back).toBe('y'.repeat(5_000_000))
    await client.end()
    await untilNothingIsLeft(beside)
  })

  test('closes when the server ends the session', async () => {
    const client = await connectThrough(engine, beside)
    const closed = once(client.connection.stream, 'close')
    await observer.query('select pg_terminate_backend($1)', [await readBackendPid(client)])
    await closed
    await untilNothingIsLeft(beside)
  })

  test('ends the backend and its locks when the stream is destroyed', async () => {
    const client = await connectThrough(engine, beside)
    await client.query('begin; lock table held')
    const pid = await readBackendPid(client)
    client.connection.stream.destroy()
    await waitUntilGone(observer, pid)
    await untilNothingIsLeft(beside)
  })

  // socat and nc send an answer to its end before they look at anything else.
  const waits = /socat|nc/.test(program)
  if (!waits) {
    test('ends the tunnel when the stream is destroyed in the middle of an answer', async () => {
      const client = await connectThrough(engine, beside)
      const pid = await readBackendPid(client)
      const broken = expect(
        client.query("select repeat('x', 1000000) from generate_series(1, 100000)"),
      ).rejects.toThrow('terminated')
      await once(client.connection.stream, 'data')
      client.connection.stream.destroy()
      await broken
      await waitUntilGone(observer, pid)
      await untilNothingIsLeft(beside)
    })
  }

  test('ends the backend and its locks when the process that holds it is killed', async () => {
    const socketPath = readSocketPath()
    const holder = spawn(process.execPath, [join(folder, 'holder.mjs'), socketPath, beside], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [printed] = await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await waitUntilGone(observer, Number(printed))
    await untilNothingIsLeft(beside)
  })
})

test('closes when the container of the tunnel is killed', async () => {
  const beside = await containers.startBeside(server, 'postgres', ['sh', 'perl'])
  const client = await connectThrough(engine, beside)
  const pid = await readBackendPid(client)
  const lost = expect(client.query('select pg_sleep(600)')).rejects.toThrow('terminated')
  await engine.getContainer(beside).kill()
  await lost
  await observer.query('select pg_terminate_backend($1)', [pid])
})

test('does not make PostgreSQL restart, whose process 1 inherits what others leave behind', async () => {
  const { rows: before } = await observer.query('select pg_postmaster_start_time() as time')
  const client = await connectThrough(engine, server)
  client.connection.stream.destroy()
  await untilNothingIsLeft(server)
  expect((await observer.query('select pg_postmaster_start_time() as time')).rows).toEqual(before)
})

async function untilNothingIsLeft(container: string): Promise<void> {
  const own = container === server ? 1 : 0
  await waitUntil(async () => {
    const commands = await listCommands(engine, container)
    return commands.filter(command => !/^sleep infinity|^postgres/.test(command)).length === own
  }, 'a container to have no program of a tunnel')
}

async function bundleHolder(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: fileURLToPath(new URL('./tunnel-holder.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'holder.mjs' } },
    },
  })
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'))
}
