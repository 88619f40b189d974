import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectDocker } from '../../../electron/adapters/docker/connect-docker.ts'
import { healthyAnswers, startFakeDocker } from '../../support/fake-docker.ts'

const never = new AbortController().signal
const folder = fileURLToPath(new URL('../../fixtures/docker-tls', import.meta.url))
const read = (name: string): string => readFileSync(`${folder}/${name}.pem`, 'utf8')

/** A daemon that lets in who has a certificate of its authority. */
async function startTlsDaemon(): Promise<string> {
  const fake = await startFakeDocker({
    ...healthyAnswers,
    '/behind/version': healthyAnswers['/version'] ?? {},
  })
  onTestFinished(() => fake.close())
  const identity = { ca: read('ca'), cert: read('server-cert'), key: read('server-key') }
  const server = createServer({ ...identity, requestCert: true, rejectUnauthorized: true }, outer => {
    const inner = connectSocket(fake.host.replace('unix://', ''))
    outer.on('error', () => inner.destroy())
    inner.on('error', () => outer.destroy())
    outer.pipe(inner).pipe(outer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>(resolve => void server.close(() => resolve())))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function connect(environment: Record<string, string>) {
  const { docker, daemon } = await connectDocker({ environment, homeFolder: '/nowhere' }, never)
  await docker?.close()
  return daemon
}

describe('a daemon that speaks TLS', () => {
  it('is connected with the certificates of DOCKER_CERT_PATH', async () => {
    const host = await startTlsDaemon()
    const environment = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
    expect(await connect({ ...environment, DOCKER_HOST: `tcp://${host}` })).toMatchObject({
      state: 'connected',
      endpoint: `tcp://${host}`,
    })
    expect(await connect({ ...environment, DOCKER_HOST: `https://${host}/behind/` })).toMatchObject({
      state: 'connected',
    })
  })

  it('is refused when its certificate is not to be trusted, unless nobody asks for that', async () => {
    const host = `tcp://${await startTlsDaemon()}`
    const known = await mkdtemp(join(tmpdir(), 'lockstep-tls-'))
    onTestFinished(() => rm(known, { recursive: true, force: true }))
    for (const name of ['cert', 'key']) await writeFile(join(known, `${name}.pem`), read(name))
    const environment = { DOCKER_HOST: host, DOCKER_CERT_PATH: known }
    expect(await connect({ ...environment, DOCKER_TLS_VERIFY: '1' })).toMatchObject({
      state: 'absent',
      tried: [{ outcome: expect.stringMatching(/certificate/) }],
    })
    expect(await connect({ ...environment, DOCKER_TLS: '1' })).toMatchObject({ state: 'connected' })
  })

  it('does not let in who has no certificate', async () => {
    const host = await startTlsDaemon()
    const daemon = await connect({
      DOCKER_HOST: `tcp://${host}`,
      DOCKER_TLS: '1',
      DOCKER_CERT_PATH: '/nowhere',
    })
    expect(daemon).toMatchObject({ state: 'absent' })
  })

  it('is not understood without TLS', async () => {
    const daemon = await connect({ DOCKER_HOST: `tcp://${await startTlsDaemon()}` })
    expect(daemon).toMatchObject({ state: 'absent' })
  })
})
