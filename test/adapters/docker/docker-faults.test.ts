import { afterEach, describe, expect, it } from 'vitest'
import { connectDocker } from '../../../electron/adapters/docker/connect-docker.ts'
import type { Docker } from '../../../electron/adapters/docker/docker.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import {
  type FakeAnswers,
  type FakeDocker,
  healthyAnswers,
  sendJson,
  startFakeDocker,
} from '../../support/fake-docker.ts'
import { waitUntil } from '../../support/wait-until.ts'

const never = new AbortController().signal
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function startFake(answers: FakeAnswers = {}): Promise<FakeDocker> {
  const fake = await startFakeDocker({ ...healthyAnswers, ...answers })
  closers.push(() => fake.close())
  return fake
}

async function connect(answers: FakeAnswers, deadlineMs = 5000) {
  const fake = await startFake(answers)
  const connection = await connectTo(fake.host, deadlineMs)
  return { fake, ...connection }
}

async function connectTo(host: string, deadlineMs = 5000) {
  const connection = await connectDocker(
    { environment: { DOCKER_HOST: host }, homeFolder: '/nowhere', deadlineMs, platform: 'linux' },
    never,
  )
  const { docker } = connection
  if (docker) closers.push(() => docker.close())
  return connection
}

async function connected(
  answers: FakeAnswers,
  deadlineMs?: number,
): Promise<{ fake: FakeDocker; docker: Docker }> {
  const { fake, docker } = await connect(answers, deadlineMs)
  if (docker === null) throw new Error('the fake daemon did not answer')
  return { fake, docker }
}

const failureOf = (work: Promise<unknown>) => work.then(() => null, toFailure)
const silence = () => undefined
const details = (Id: string, Name: string) => ({ Id, Name, State: { Status: 'running' }, Config: {} })

describe('a daemon that answers', () => {
  it('is Docker, with versions', async () => {
    const { fake, daemon } = await connect({})
    expect(daemon).toEqual({
      state: 'connected',
      endpoint: fake.host,
      engine: 'docker',
      version: '20.10.24',
      apiVersion: '1.41',
      rootless: false,
    })
  })

  it('is known as rootless by its security options', async () => {
    const info = { SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] }
    expect((await connect({ '/info': info })).daemon).toMatchObject({ engine: 'docker', rootless: true })
  })

  it('is known as Podman by its components', async () => {
    const version = { Version: '4.9.3', ApiVersion: '1.41', Components: [{ Name: 'Podman Engine' }] }
    const { daemon } = await connect({ '/version': version, '/info': { Rootless: true } })
    expect(daemon).toMatchObject({ engine: 'podman', version: '4.9.3', rootless: true })
  })

  it('is connected also when a proxy refuses the question after its options', async () => {
    const { daemon } = await connect({ '/info': response => sendJson(response, 403, { message: 'no' }) })
    expect(daemon).toMatchObject({ state: 'connected', rootless: false })
  })

  it('is the one of the environment that was given, whatever the process has', async () => {
    const before = process.env.DOCKER_HOST
    process.env.DOCKER_HOST = 'this is: no address'
    process.env.DOCKER_CERT_PATH = '/nowhere/certificates'
    try {
      expect((await connect({})).daemon.state).toBe('connected')
      expect(process.env.DOCKER_HOST).toBe('this is: no address')
    } finally {
      delete process.env.DOCKER_CERT_PATH
      if (before === undefined) delete process.env.DOCKER_HOST
      else process.env.DOCKER_HOST = before
    }
  })
})

describe('a daemon that does not answer', () => {
  it.each([
    ['unix:///nowhere/docker.sock', 'there is no such socket (ENOENT)'],
    ['tcp://127.0.0.1:1', 'nothing listens there (ECONNREFUSED)'],
    ['ftp://host', 'the scheme ftp is not known: unix, npipe, tcp, http, https or ssh are'],
  ])('at %s is absent, and says why', async (host, outcome) => {
    const tried = [{ endpoint: host, from: 'DOCKER_HOST', outcome }]
    expect(await connectTo(host)).toEqual({ docker: null, daemon: { state: 'absent', tried } })
  })

  it.each<[string, FakeAnswers]>([
    ['to the first question', { '/version': silence }],
    ['after half an answer', { '/version': response => void response.writeHead(200).write('{"Version"') }],
    ['to the second question', { '/info': silence }],
  ])('%s is silent, and no connection to it stays', async (_title, answers) => {
    const { fake, docker, daemon } = await connect(answers, 150)
    expect(docker).toBeNull()
    const outcome = 'no answer within 0.15 s'
    expect(daemon).toEqual({
      state: 'silent',
      tried: [{ endpoint: fake.host, from: 'DOCKER_HOST', outcome }],
    })
    await waitUntil(() => fake.connections() === 0, 'the connections to end')
  })

  it.each<[string, FakeAnswers, string]>([
    [
      'an error',
      { '/version': r => sendJson(r, 500, { message: 'out of order' }) },
      'out of order (HTTP 500)',
    ],
    ['garbage', { '/version': r => void r.end('<html>') }, 'what it answered is not JSON'],
    ['something else', { '/version': { hello: 'world' } }, 'what answers there is not a Docker daemon'],
    ['nothing', { '/version': r => void r.destroy() }, 'the connection broke off (ECONNRESET)'],
  ])('but %s is absent, and says so', async (_title, answers, outcome) => {
    const { daemon } = await connect(answers)
    expect(daemon).toMatchObject({ state: 'absent', tried: [{ outcome }] })
  })

  it('because a proxy forbids it denies', async () => {
    const { daemon } = await connect({ '/version': r => sendJson(r, 403, { message: 'not you' }) })
    expect(daemon).toMatchObject({ state: 'denied', tried: [{ outcome: 'not you (HTTP 403)' }] })
  })

  it('is not waited for when the caller has gone', async () => {
    const fake = await startFake({ '/version': silence })
    const stop = new AbortController()
    const options = { environment: { DOCKER_HOST: fake.host }, homeFolder: '/nowhere' }
    const work = failureOf(connectDocker(options, stop.signal))
    await waitUntil(() => fake.questions.length > 0, 'the question')
    stop.abort(new Error('enough'))
    expect(await work).toEqual({ kind: 'cancelled', reason: 'enough' })
    await waitUntil(() => fake.connections() === 0, 'the connection to end')
  })
})

describe('a call', () => {
  const one = { '/containers/json': [{ Id: 'one' }], '/containers/one/json': details('one', '/one') }

  it('that hangs fails at its deadline, and names itself', async () => {
    const { fake, docker } = await connected({ '/containers/json': silence }, 150)
    expect(await failureOf(docker.listContainers({}, never))).toEqual({
      kind: 'docker_failed',
      call: 'list containers',
      endpoint: fake.host,
      status: null,
      message: 'no answer within 0.15 s',
    })
  })

  it.each<[string, FakeAnswers, number | null, string]>([
    ['is refused', { '/containers/json': r => sendJson(r, 500, { message: 'no space' }) }, 500, 'no space'],
    ['gets garbage', { '/containers/json': r => void r.end('[{"Id"') }, null, 'what it answered is not JSON'],
    [
      'gets something else',
      { '/containers/json': { Id: 'one' } },
      null,
      'the answer is not what the Docker API promises: its whole',
    ],
    [
      'is cut off',
      {
        '/containers/json': r => {
          r.writeHead(200, { 'content-length': '100' }).write('[', () => r.destroy())
        },
      },
      null,
      'the connection broke off (ECONNRESET)',
    ],
  ])('that %s fails with what was said', async (_title, answers, status, message) => {
    const { docker } = await connected(answers)
    expect(await failureOf(docker.listContainers({}, never))).toMatchObject({
      kind: 'docker_failed',
      status,
      message,
    })
  })

  it('to a daemon that has gone fails, and names the endpoint', async () => {
    const { fake, docker } = await connected({})
    await fake.close()
    closers.shift()
    expect(await failureOf(docker.listContainers({}, never))).toMatchObject({
      kind: 'docker_failed',
      endpoint: fake.host,
      message: 'there is no such socket (ENOENT)',
    })
  })

  it('is cancelled by its signal', async () => {
    const { fake, docker } = await connected({ '/containers/json': silence })
    const stop = new AbortController()
    const work = failureOf(docker.listContainers({}, stop.signal))
    await waitUntil(() => fake.questions.some(path => path.startsWith('/containers')), 'the question')
    stop.abort(new Error('enough'))
    expect(await work).toEqual({ kind: 'cancelled', reason: 'enough' })
    expect(await failureOf(docker.listContainers({}, stop.signal))).toEqual({
      kind: 'cancelled',
      reason: 'enough',
    })
  })

  it('ends when the daemon is closed, and so does every later one', async () => {
    const { fake, docker } = await connected({ '/containers/json': silence })
    const work = failureOf(docker.listContainers({}, never))
    await waitUntil(() => fake.questions.some(path => path.startsWith('/containers')), 'the question')
    await docker.close()
    const closed = { kind: 'cancelled', reason: 'the connection to the Docker daemon was closed' }
    expect(await work).toEqual(closed)
    expect(await failureOf(docker.inspectContainer('one', never))).toEqual(closed)
    await waitUntil(() => fake.connections() === 0, 'the connections to end')
  })

  it('for a program is not even begun once the daemon is closed', async () => {
    const { fake, docker } = await connected({})
    await docker.close()
    const before = fake.questions.length
    const said = await docker.runProgram('one', ['true'], { timeoutMs: 5000 }, never)
    expect(said).toMatchObject({ code: null, stderr: expect.stringContaining('was closed') })
    expect(fake.questions.length).toBe(before)
  })

  it('for a list leaves out a container that goes away meanwhile, and sorts by name', async () => {
    const { fake, docker } = await connected({
      ...one,
      '/containers/json': [{ Id: 'one' }, { Id: 'gone' }, { Id: 'two' }],
      '/containers/two/json': details('two', '/a-two'),
      '/containers/gone/json': r => sendJson(r, 404, { message: 'No such container: gone' }),
    })
    const listed = await docker.listContainers({ project: 'shop' }, never)
    expect(listed.map(container => container.name)).toEqual(['a-two', 'one'])
    const asked = fake.questions.find(path => path.startsWith('/containers/json')) ?? ''
    const query = new URLSearchParams(asked.split('?')[1])
    expect([query.get('all'), query.get('filters')]).toEqual([
      'true',
      '{"label":["com.docker.compose.project=shop"]}',
    ])
  })

  it('for a list fails when a container cannot be described for another reason', async () => {
    const { docker } = await connected({
      ...one,
      '/containers/one/json': r => sendJson(r, 500, { message: 'no' }),
    })
    expect(await failureOf(docker.listContainers({}, never))).toMatchObject({ status: 500, message: 'no' })
  })

  it('after a container that is gone fails with 404', async () => {
    const { docker } = await connected({
      '/containers/gone/json': r => sendJson(r, 404, { message: 'No such container: gone' }),
    })
    const failure = { call: 'inspect a container', status: 404, message: 'No such container: gone' }
    expect(await failureOf(docker.inspectContainer('gone', never))).toMatchObject(failure)
    expect(await failureOf(docker.readEnvironment('gone', never))).toMatchObject(failure)
  })
})
