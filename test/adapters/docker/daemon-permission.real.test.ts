import { chmod } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { connectDocker } from '../../../electron/adapters/docker/connect-docker.ts'
import { healthyAnswers, startFakeDocker } from '../../support/fake-docker.ts'
import { needs } from '../../support/needs.ts'

const never = new AbortController().signal
const nobody = 65_534
const it = needs('root')

describe('a socket that this user may not use', () => {
  it('is a daemon that denies, and one that it may use is connected', async () => {
    const fake = await startFakeDocker(healthyAnswers)
    onTestFinished(() => fake.close())
    const path = fake.host.replace('unix://', '')
    await chmod(dirname(path), 0o755)
    await chmod(path, 0o600)
    const connect = async () => {
      const options = { environment: { DOCKER_HOST: fake.host }, homeFolder: '/nowhere' }
      const { docker, daemon } = await connectDocker(options, never)
      await docker?.close()
      return daemon
    }
    // Root may use every socket, so it is nobody who asks.
    expect(await connect()).toMatchObject({ state: 'connected' })
    process.seteuid?.(nobody)
    try {
      const outcome = 'this user may not use the socket (EACCES)'
      expect(await connect()).toEqual({
        state: 'denied',
        tried: [{ endpoint: fake.host, from: 'DOCKER_HOST', outcome }],
      })
    } finally {
      process.seteuid?.(0)
    }
    await chmod(path, 0o666)
    process.seteuid?.(nobody)
    try {
      expect(await connect()).toMatchObject({ state: 'connected' })
    } finally {
      process.seteuid?.(0)
    }
  })
})
