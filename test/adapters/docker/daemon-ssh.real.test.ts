import { describe, expect, inject } from 'vitest'
import { connectDocker } from '../../../electron/adapters/docker/connect-docker.ts'
import { needs } from '../../support/needs.ts'
import { type SshServer, startSshServer } from '../../support/ssh-server.ts'
import { type LabelledContainers, useLabelledContainers } from './labelled-containers.ts'

const never = new AbortController().signal
const it = needs('docker', 'ssh server', 'root')

let server: SshServer
let containers: LabelledContainers

const connect = (host: string) =>
  connectDocker(
    {
      environment: { PATH: `${server.programs}:${process.env.PATH}`, DOCKER_HOST: host },
      homeFolder: '/nowhere',
    },
    never,
  )

describe('a daemon behind a real ssh server', () => {
  const setUp = async (): Promise<void> => {
    server = await startSshServer({ DOCKER_HOST: inject('docker')!.host })
    containers = useLabelledContainers()
  }
  const tearDown = async (): Promise<void> => {
    await containers.remove()
    await server.close()
  }
  const around = (work: () => Promise<void>) => async () => {
    await setUp()
    try {
      await work()
    } finally {
      await tearDown()
    }
  }

  it(
    'is connected, lists containers and runs programs in them',
    around(async () => {
      const id = await containers.start('app')
      const { docker, daemon } = await connect('ssh://root@builder')
      expect(daemon).toMatchObject({ state: 'connected', endpoint: 'ssh://root@builder', engine: 'docker' })
      try {
        const listed = await docker?.listContainers({ project: containers.project }, never)
        expect(listed?.map(container => container.id)).toEqual([id])
        const said = await docker?.runProgram(id, ['cat', '/etc/hostname'], { timeoutMs: 20_000 }, never)
        expect(said).toMatchObject({ code: 0, stdout: `${id.slice(0, 12)}\n` })
      } finally {
        await docker?.close()
      }
    }),
  )

  it(
    'is reached at a socket that the address names',
    around(async () => {
      const path = inject('docker')!.host.replace('unix://', '')
      const { docker, daemon } = await connect(`ssh://builder${path}`)
      await docker?.close()
      expect(daemon).toMatchObject({ state: 'connected' })
    }),
  )

  it(
    'is absent when no daemon is there, in the words of the Docker command line',
    around(async () => {
      const { daemon } = await connect('ssh://builder/nowhere/docker.sock')
      expect(daemon).toMatchObject({ state: 'absent' })
      expect(JSON.stringify(daemon)).toContain('/nowhere/docker.sock')
    }),
  )

  it(
    'denies who has no key there',
    around(async () => {
      await server.forgetKeys()
      expect((await connect('ssh://builder')).daemon).toMatchObject({ state: 'denied' })
    }),
  )
})
