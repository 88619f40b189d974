import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { createHttpChecks } from '../../../electron/adapters/http/check-url.ts'
import type { HttpRequest } from '../../../electron/engine/ports/hooks.ts'

const never = new AbortController().signal
const http = createHttpChecks()
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address ? `127.0.0.1:${address.port}` : ''
}

function check(url: string, changes: Partial<HttpRequest> = {}, signal = never) {
  return http.check({ url, status: 200, timeoutMs: 5000, retries: 0, ...changes }, signal)
}

test('passes on the wanted status', async () => {
  const host = await serve((_request, response) => response.end('fine'))
  expect(await check(`http://${host}/health`)).toEqual({ result: 'answered', status: 200, attempts: 1 })
})

test('asks again until the wanted status comes', async () => {
  let asked = 0
  const host = await serve((_request, response) => {
    asked += 1
    response.writeHead(asked < 3 ? 503 : 204).end()
  })
  expect(await check(`http://${host}/`, { status: 204, retries: 5 })).toEqual({
    result: 'answered',
    status: 204,
    attempts: 3,
  })
})

test('gives the last status when the retries are used up', async () => {
  const host = await serve((_request, response) => response.writeHead(500).end())
  expect(await check(`http://${host}/`, { retries: 1 })).toEqual({
    result: 'answered',
    status: 500,
    attempts: 2,
  })
})

test('takes a redirect for an answer and does not follow it', async () => {
  const host = await serve((_request, response) => response.writeHead(302, { location: '/login' }).end())
  expect(await check(`http://${host}/`)).toMatchObject({ status: 302 })
})

test('tells that nobody listens', async () => {
  const host = await serve(() => undefined)
  const [server] = servers.splice(0)
  await new Promise(resolve => server?.close(resolve))
  expect(await check(`http://${host}/`)).toEqual({ result: 'unreachable', code: 'ECONNREFUSED', attempts: 1 })
})

test('gives up on a service that takes the question and never answers', async () => {
  const host = await serve(() => undefined)
  expect(await check(`http://${host}/`, { timeoutMs: 100 })).toEqual({ result: 'timed_out', attempts: 1 })
})

test('sends the user of an address as a header', async () => {
  let header: string | undefined
  const host = await serve((request, response) => {
    header = request.headers.authorization
    response.end()
  })
  expect(await check(`http://us%20er:p%40ss@${host}/`)).toMatchObject({ status: 200 })
  expect(header).toBe(`Basic ${Buffer.from('us er:p@ss').toString('base64')}`)
})

test('refuses what is no web address', async () => {
  expect(await check('file:///etc/passwd')).toEqual({ result: 'invalid_url' })
  expect(await check('http://')).toEqual({ result: 'invalid_url' })
})

test('stops waiting when the run is interrupted', async () => {
  const host = await serve(() => undefined)
  const interrupt = new AbortController()
  const work = check(`http://${host}/`, {}, interrupt.signal)
  interrupt.abort(new Error('SIGINT'))
  await expect(work).rejects.toMatchObject({ failure: { kind: 'cancelled', reason: 'SIGINT' } })
})
