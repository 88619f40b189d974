import type { ServerResponse } from 'node:http'
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

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const event = (Action: string, ID = 'abc') =>
  JSON.stringify({ Type: 'container', Action, Actor: { ID, Attributes: {} } })

/** A daemon whose event streams the test holds in its hand, and a watch of it. */
async function watch(answers: FakeAnswers = {}, deadlineMs = 5000) {
  const streams: ServerResponse[] = []
  const fake: FakeDocker = await startFakeDocker({
    ...healthyAnswers,
    '/events': response => {
      response.writeHead(200).flushHeaders()
      streams.push(response)
    },
    ...answers,
  })
  closers.push(() => fake.close())
  const options = { environment: { DOCKER_HOST: fake.host }, homeFolder: '/nowhere', deadlineMs }
  const { docker } = await connectDocker(options, new AbortController().signal)
  if (docker === null) throw new Error('the fake daemon did not answer')
  closers.push(() => docker.close())
  const stop = new AbortController()
  const heard: string[] = []
  const listener: Parameters<Docker['watchContainers']>[1] = {
    onEvent: ({ containerId, action }) => heard.push(`${containerId} ${action}`),
    onGap: () => heard.push('gap'),
  }
  const ended = docker
    .watchContainers({ project: 'shop' }, listener, stop.signal)
    .then(() => 'ended', toFailure)
  const stream = async (index: number): Promise<ServerResponse> => {
    await waitUntil(() => streams.length > index, `stream ${index}`)
    return streams[index] as ServerResponse
  }
  const hears = (...expected: readonly string[]): Promise<void> =>
    waitUntil(() => heard.join() === expected.join(), `${expected.join()}, heard ${heard.join()}`)
  return { fake, docker, stop, heard, hears, ended, stream, streams }
}

describe('a watch of containers', () => {
  it('asks for the containers of its project, from the moment on at which it was asked', async () => {
    const { fake, stream } = await watch()
    await stream(0)
    const asked = fake.questions.find(path => path.startsWith('/events')) ?? ''
    const query = new URLSearchParams(asked.split('?')[1])
    expect(JSON.parse(query.get('filters') ?? '')).toEqual({
      type: ['container'],
      label: ['com.docker.compose.project=shop'],
    })
    expect(Math.abs(Number(query.get('since')) - Date.now() / 1000)).toBeLessThan(60)
  })

  it('tells of events in order, also when they come in pieces or together', async () => {
    const { hears, stream } = await watch()
    const response = await stream(0)
    const [first, second] = [event('start', 'ü1'), event('die', 'ü2')]
    const bytes = Buffer.from(`${first}\n${second}\n${event('kill')}\n\n${event('destroy', 'ü3')}\n`)
    // In the middle of a letter of two bytes.
    const cut = bytes.indexOf('ü') + 1
    response.write(bytes.subarray(0, cut))
    await new Promise(resolve => setImmediate(resolve))
    response.write(bytes.subarray(cut))
    await hears('ü1 started', 'ü2 stopped', 'ü3 removed')
  })

  it('resolves when the signal comes, and leaves no connection', async () => {
    const { fake, stop, stream, ended } = await watch()
    await stream(0)
    stop.abort()
    expect(await ended).toBe('ended')
    await waitUntil(() => fake.connections() === 0, 'the connections to end')
  })

  it('resolves when the daemon is closed', async () => {
    const { docker, stream, ended } = await watch()
    await stream(0)
    await docker.close()
    expect(await ended).toBe('ended')
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['ends', response => void response.end()],
    ['breaks', response => void response.destroy()],
    ['breaks in the middle of an event', response => void response.write('{"Ty', () => response.destroy())],
  ])('asks again when a stream %s, and says that there is a gap', async (_title, breakStream) => {
    const { hears, stream } = await watch()
    breakStream(await stream(0))
    const again = await stream(1)
    await hears('gap')
    again.write(`${event('start')}\n`)
    await hears('gap', 'abc started')
  })

  it('asks again and again while the daemon is out of order', async () => {
    let refusals = 0
    const { hears, ended, stop } = await watch({
      '/events': response => {
        refusals += 1
        if (refusals <= 2) sendJson(response, 503, { message: 'starting' })
        else response.writeHead(200).flushHeaders()
      },
    })
    await hears('gap')
    expect(refusals).toBe(3)
    stop.abort()
    expect(await ended).toBe('ended')
  })

  it('says that there is a gap where an event cannot be read', async () => {
    const { hears, stream } = await watch()
    const response = await stream(0)
    response.write(`garbage\n${event('start')}\n`)
    await hears('gap', 'abc started')
  })

  it('leaves a stream whose daemon hangs', async () => {
    let isHanging = true
    const { heard, stream } = await watch(
      { '/_ping': response => void (isHanging ? undefined : response.end('OK')) },
      100,
    )
    await stream(0)
    await stream(1)
    isHanging = false
    await waitUntil(() => heard[0] === 'gap', 'the gap')
  })

  it('keeps a quiet stream while its daemon answers', async () => {
    const { fake, heard, streams, stream } = await watch(
      { '/_ping': response => void response.end('OK') },
      200,
    )
    await stream(0)
    await waitUntil(() => fake.questions.filter(path => path.startsWith('/_ping')).length > 2, 'three pings')
    expect([heard, streams.length]).toEqual([[], 1])
  })

  it('fails when the daemon refuses the question', async () => {
    const { fake, ended } = await watch({
      '/events': response => sendJson(response, 403, { message: 'forbidden' }),
    })
    expect(await ended).toEqual({
      kind: 'docker_failed',
      call: 'watch containers',
      endpoint: fake.host,
      status: 403,
      message: 'forbidden',
    })
  })

  it('fails with what its listener throws', async () => {
    const { docker, stream } = await watch()
    const listener = {
      onEvent: () => {
        throw new Error('a listener is broken')
      },
      onGap: () => undefined,
    }
    const ended = docker.watchContainers({}, listener, new AbortController().signal).catch(toFailure)
    const response = await stream(1)
    response.write(`${event('start')}\n`)
    expect(await ended).toMatchObject({ kind: 'internal', message: 'a listener is broken' })
  })
})
