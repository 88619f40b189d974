import { randomBytes } from 'node:crypto'
import Dockerode from 'dockerode'
import { inject } from 'vitest'
import { runContainerProgram } from '../../../electron/adapters/docker/run-program.ts'
import { waitUntil } from '../../support/wait-until.ts'

/** A signal that never comes. */
export const never = new AbortController().signal

/** Where the tests' engine listens; empty where there is none, and then no test asks it. */
export function readSocketPath(): string {
  return inject('docker')?.host.replace('unix://', '') ?? ''
}

/** Containers that are taken away together. */
export interface TestContainers {
  readonly engine: Dockerode
  /** A PostgreSQL that listens on its port 5432 and publishes nothing. */
  startPostgres(...settings: readonly string[]): Promise<string>
  /** A container in another one's network that has the programs named, and no other. */
  startBeside(neighbour: string, image: 'postgres' | 'app', programs: readonly string[]): Promise<string>
  /** Which of the programs that were asked for its image does not have. */
  readLacking(beside: string): Promise<string>
  remove(): Promise<void>
}

/** Lends containers to a test file. */
export function useContainers(): TestContainers {
  const engine = new Dockerode({ socketPath: readSocketPath() })
  const ids: string[] = []
  async function start(options: Dockerode.ContainerCreateOptions): Promise<string> {
    const name = `docker-exec-${randomBytes(4).toString('hex')}`
    const container = await engine.createContainer({ name, ...options })
    ids.push(container.id)
    await container.start()
    return container.id
  }
  return {
    engine,
    async startPostgres(...settings) {
      const id = await start({
        Image: imageOf('postgres'),
        Env: ['POSTGRES_HOST_AUTH_METHOD=trust'],
        ...(settings.length === 0 ? {} : { Cmd: ['postgres', ...settings] }),
      })
      await waitUntil(async () => {
        const ready = ['pg_isready', '-q', '-h', '127.0.0.1', '-U', 'postgres']
        return (await runContainerProgram(engine, id, ready, { timeoutMs: 5000 }, never)).code === 0
      }, 'PostgreSQL in a container')
      return id
    },
    async startBeside(neighbour, image, programs) {
      const id = await start({
        Image: imageOf(image),
        HostConfig: { NetworkMode: `container:${neighbour}` },
        Env: ['PATH=/only'],
        User: '0',
        Entrypoint: ['/usr/bin/bash', '-c', linkPrograms, 'link'],
        Cmd: [...programs],
      })
      await waitUntil(async () => (await listCommands(engine, id)).includes('sleep infinity'), 'a neighbour')
      return id
    },
    async readLacking(beside) {
      const command = ['/usr/bin/cat', '/only/.lacking']
      return (await runContainerProgram(engine, beside, command, { timeoutMs: 5000 }, never)).stdout.trim()
    },
    async remove() {
      for (const id of ids) await engine.getContainer(id).remove({ force: true, v: true })
    },
  }
}

function imageOf(name: 'postgres' | 'app'): string {
  const docker = inject('docker')
  if (docker === null) throw new Error('no engine for the tests')
  return name === 'postgres' ? docker.postgresImage : docker.appImage
}

const linkPrograms = `PATH=/usr/sbin:/usr/bin
mkdir /only
for name in "$@"; do
  if file=$(command -v "$name"); then ln -s "$file" "/only/$name"; else echo "$name" >>/only/.lacking; fi
done
exec sleep infinity`

/** The command lines that run in a container. */
export async function listCommands(engine: Dockerode, id: string): Promise<readonly string[]> {
  const { Titles, Processes }: { Titles: string[]; Processes: string[][] } = await engine
    .getContainer(id)
    .top()
  const column = Titles.findIndex(title => /CMD|COMMAND/.test(title))
  return Processes.map(row => row[column] ?? '')
}
