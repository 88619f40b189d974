import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect as connectSocket, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, onTestFinished } from 'vitest'
import { connectDocker } from '../../../electron/adapters/docker/connect-docker.ts'
import type { Docker } from '../../../electron/adapters/docker/docker.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { needs } from '../../support/needs.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { type LabelledContainers, useLabelledContainers } from './labelled-containers.ts'

const never = new AbortController().signal
const it = needs('docker')

async function connect(environment: Record<string, string>, homeFolder = '/nowhere'): Promise<Docker> {
  const { docker, daemon } = await connectDocker({ environment, homeFolder }, never)
  if (docker === null) throw new Error(`no daemon: ${JSON.stringify(daemon)}`)
  onTestFinished(() => docker.close())
  return docker
}

function lendContainers(): LabelledContainers {
  const containers = useLabelledContainers()
  onTestFinished(() => containers.remove())
  return containers
}

/** Carries the bytes of a TCP port to the socket of the engine. */
async function startProxy(): Promise<string> {
  const path = inject('docker')!.host.replace('unix://', '')
  const server: Server = createServer({ allowHalfOpen: true }, outer => {
    const inner = connectSocket({ path, allowHalfOpen: true })
    outer.on('error', () => inner.destroy()).on('close', () => inner.destroy())
    inner.on('error', () => outer.destroy()).on('close', () => outer.destroy())
    outer.pipe(inner).pipe(outer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>(resolve => void server.close(() => resolve())))
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a real daemon', () => {
  it('says what it is, and what its containers are', async () => {
    const containers = lendContainers()
    const id = await containers.start('db', {
      Env: ['POSTGRES_PASSWORD=a=secret', 'LANG=C'],
      WorkingDir: '/tmp',
      ExposedPorts: { '5432/tcp': {} },
      HostConfig: {
        PortBindings: { '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
        Binds: ['/usr/share:/shared:ro', `${containers.project}:/data`],
      },
    })
    onTestFinished(async () => {
      await containers.remove()
      await containers.engine.getVolume(containers.project).remove()
    })
    const docker = await connect({ DOCKER_HOST: inject('docker')!.host })
    const version = await containers.engine.version()
    expect(docker.daemon).toEqual({
      state: 'connected',
      endpoint: inject('docker')!.host,
      engine: 'docker',
      version: version.Version,
      apiVersion: version.ApiVersion,
      rootless: false,
    })
    const facts = await docker.inspectContainer(id, never)
    expect(facts).toEqual({
      id,
      name: `${containers.project}-db-1`,
      image: inject('docker')!.postgresImage,
      imageId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      state: 'running',
      health: null,
      restarts: 0,
      startedAt: expect.stringMatching(/^20\d\d-/),
      exitCode: null,
      workingDir: '/tmp',
      command: ['sleep', 'infinity'],
      compose: {
        project: containers.project,
        service: 'db',
        number: 1,
        workingDir: '/srv/shop',
        configFiles: ['/srv/shop/compose.yml'],
        oneOff: false,
      },
      networks: [{ name: 'bridge', address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/), aliases: [] }],
      networkMode: 'bridge',
      ports: [
        { containerPort: 5432, protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: expect.any(Number) },
      ],
      mounts: expect.arrayContaining([
        { type: 'bind', source: '/usr/share', destination: '/shared', readOnly: true },
        { type: 'volume', source: containers.project, destination: '/data', readOnly: false },
      ]),
    })
    expect(await docker.readEnvironment(id, never)).toMatchObject({
      POSTGRES_PASSWORD: 'a=secret',
      LANG: 'C',
    })
  })

  it('lists the containers of a project of every state, and no others', async () => {
    const [mine, other] = [lendContainers(), lendContainers()]
    await other.start('db')
    const stopped = await mine.start('web')
    await mine.start('db')
    await mine.engine.getContainer(stopped).kill()
    await mine.engine.getContainer(stopped).wait()
    const docker = await connect({ DOCKER_HOST: inject('docker')!.host })
    const listed = await docker.listContainers({ project: mine.project }, never)
    expect(listed.map(({ compose, state, exitCode }) => [compose?.service, state, exitCode])).toEqual([
      ['db', 'running', null],
      ['web', 'exited', 137],
    ])
    expect((await docker.listContainers({}, never)).length).toBeGreaterThanOrEqual(3)
  })

  it('tells of a container that is made, starts, turns healthy, pauses, ends and goes', async () => {
    const containers = lendContainers()
    const docker = await connect({ DOCKER_HOST: inject('docker')!.host })
    const heard: string[] = []
    const stop = new AbortController()
    const listener: Parameters<Docker['watchContainers']>[1] = {
      onEvent: ({ service, action, health }) =>
        heard.push([service, action, ...(health === null ? [] : [health])].join(' ')),
      onGap: () => heard.push('gap'),
    }
    const watching = docker.watchContainers({ project: containers.project }, listener, stop.signal)
    const hears = (word: string) => waitUntil(() => heard.includes(word), `${word}, heard ${heard.join()}`)
    // No waiting for the watch: what happens before it stands is told too.
    const id = await containers.start('db', {
      Healthcheck: { Test: ['CMD', 'true'], Interval: 100_000_000, Timeout: 5_000_000_000, Retries: 1 },
    })
    await hears('db health_changed healthy')
    expect((await docker.inspectContainer(id, never)).health).toBe('healthy')
    const container = containers.engine.getContainer(id)
    await container.pause()
    await container.unpause()
    await container.kill()
    await hears('db stopped')
    await container.remove()
    await hears('db removed')
    stop.abort()
    await watching
    // A check that the pause caught may count as a failed one: health may change once more.
    expect(heard.indexOf('db health_changed healthy')).toBe(2)
    expect(heard.filter(word => !word.includes('health_changed'))).toEqual([
      'db created',
      'db started',
      'db paused',
      'db resumed',
      'db stopped',
      'db removed',
    ])
    const failure = await docker.inspectContainer(id, never).catch(toFailure)
    expect(failure).toMatchObject({ kind: 'docker_failed', call: 'inspect a container', status: 404 })
  })

  it('is found by the context that is chosen, over TCP, and carries programs and their input', async () => {
    const containers = lendContainers()
    const id = await containers.start('app')
    const home = await mkdtemp(join(tmpdir(), 'lockstep-contexts-'))
    onTestFinished(() => rm(home, { recursive: true, force: true }))
    const address = await startProxy()
    const hash = createHash('sha256').update('far').digest('hex')
    const meta = join(home, '.docker', 'contexts', 'meta', hash)
    await mkdir(meta, { recursive: true })
    const content = { Name: 'far', Endpoints: { docker: { Host: address, SkipTLSVerify: false } } }
    await writeFile(join(meta, 'meta.json'), JSON.stringify(content))
    const docker = await connect({ DOCKER_CONTEXT: 'far' }, home)
    expect(docker.daemon.endpoint).toBe(address)
    expect(await docker.listContainers({ project: containers.project }, never)).toHaveLength(1)
    const echo = docker.startProcess(id, ['cat'], {})
    echo.stdin.end('there and back')
    const chunks: Buffer[] = []
    for await (const chunk of echo.stdout) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('there and back')
    expect(await echo.ended).toEqual({ code: 0, problem: null })
  })

  it('is left without a handle, a running program and a watch included', async () => {
    const containers = lendContainers()
    const id = await containers.start('app')
    const handles = (): string =>
      process
        .getActiveResourcesInfo()
        .filter(name => name.endsWith('Wrap'))
        .sort()
        .join()
    const before = handles()
    const docker = await connect({ DOCKER_HOST: inject('docker')!.host })
    const watching = docker.watchContainers({}, { onEvent: () => undefined, onGap: () => undefined }, never)
    const running = docker.startProcess(id, ['cat'], {})
    running.stdin.write('hello')
    await new Promise(resolve => running.stdout.once('data', resolve))
    expect(handles()).not.toBe(before)
    await docker.close()
    await watching
    await running.ended
    await waitUntil(() => handles() === before, 'the handles to go')
  })
})
