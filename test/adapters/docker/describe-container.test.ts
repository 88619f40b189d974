import { describe, expect, it } from 'vitest'
import { containerJson } from '../../../electron/adapters/docker/container-json.ts'
import { describeContainer, readVariables } from '../../../electron/adapters/docker/describe-container.ts'

const id = 'a1b2c3d4e5f6a7b8c9d0'

/** What Docker 20.10 answers about a container of Compose. */
const answer = {
  Id: id,
  Name: '/shop-db-1',
  Image: `sha256:${'4f'.repeat(32)}`,
  Path: 'docker-entrypoint.sh',
  Args: ['postgres', '-c', 'wal_level=logical'],
  RestartCount: 2,
  State: {
    Status: 'running',
    Running: true,
    ExitCode: 0,
    StartedAt: '2026-01-02T03:04:05.6Z',
    Health: { Status: 'healthy', FailingStreak: 0, Log: [] },
  },
  Config: {
    Image: 'postgres:16',
    WorkingDir: '',
    Env: ['POSTGRES_PASSWORD=hunter2'],
    Labels: {
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'db',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.project.working_dir': '/srv/shop',
      'com.docker.compose.project.config_files': '/srv/shop/compose.yml,/srv/shop/dev.yml',
    },
  },
  HostConfig: { NetworkMode: 'shop_default' },
  NetworkSettings: {
    Networks: {
      shop_default: { IPAddress: '172.18.0.2', GlobalIPv6Address: '', Aliases: ['db', id.slice(0, 12)] },
      shop_six: {
        IPAddress: '',
        GlobalIPv6Address: 'fd00::2',
        Aliases: ['db'],
        DNSNames: ['shop-db-1', 'db', id.slice(0, 12)],
      },
    },
    Ports: {
      '5432/tcp': [
        { HostIp: '0.0.0.0', HostPort: '15432' },
        { HostIp: '::', HostPort: '15432' },
      ],
      '8008/tcp': null,
    },
  },
  Mounts: [
    {
      Type: 'volume',
      Name: 'shop_data',
      Source: '/var/lib/docker/volumes/shop_data/_data',
      Destination: '/data',
      RW: true,
    },
    { Type: 'bind', Source: '/srv/shop/conf', Destination: '/conf', RW: false },
  ],
}

const read = (json: unknown) => describeContainer(containerJson.parse(json))

describe('the facts of a container', () => {
  it('are those that the daemon answers, without the environment', () => {
    const facts = read(answer)
    expect(facts).toEqual({
      id,
      name: 'shop-db-1',
      image: 'postgres:16',
      imageId: `sha256:${'4f'.repeat(32)}`,
      state: 'running',
      health: 'healthy',
      restarts: 2,
      startedAt: '2026-01-02T03:04:05.6Z',
      exitCode: null,
      workingDir: '/',
      command: ['docker-entrypoint.sh', 'postgres', '-c', 'wal_level=logical'],
      compose: {
        project: 'shop',
        service: 'db',
        number: 1,
        workingDir: '/srv/shop',
        configFiles: ['/srv/shop/compose.yml', '/srv/shop/dev.yml'],
        oneOff: false,
      },
      networks: [
        { name: 'shop_default', address: '172.18.0.2', aliases: ['db'] },
        { name: 'shop_six', address: 'fd00::2', aliases: ['db', 'shop-db-1'] },
      ],
      networkMode: 'shop_default',
      ports: [
        { containerPort: 5432, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 15432 },
        { containerPort: 5432, protocol: 'tcp', hostAddress: '::', hostPort: 15432 },
      ],
      mounts: [
        { type: 'volume', source: 'shop_data', destination: '/data', readOnly: false },
        { type: 'bind', source: '/srv/shop/conf', destination: '/conf', readOnly: true },
      ],
    })
    expect(JSON.stringify(facts)).not.toContain('hunter2')
  })

  it('are filled with nothing where an engine leaves things out', () => {
    expect(read({ Id: id, State: { Status: 'created' }, Config: {} })).toEqual({
      id,
      name: '',
      image: '',
      imageId: null,
      state: 'created',
      health: null,
      restarts: 0,
      startedAt: null,
      exitCode: null,
      workingDir: '/',
      command: [],
      compose: null,
      networks: [],
      networkMode: 'bridge',
      ports: [],
      mounts: [],
    })
  })

  it('name the digest of their image alike for every engine', () => {
    expect(read({ ...answer, Image: '4f'.repeat(32) }).imageId).toBe(`sha256:${'4f'.repeat(32)}`)
    expect(read({ ...answer, Image: '' }).imageId).toBeNull()
  })

  it('refuse an answer that is none about a container', () => {
    expect(containerJson.safeParse({ message: 'something else' }).success).toBe(false)
  })

  it('have no start for a container that never ran, and an exit code once it ended', () => {
    const never = { Status: 'created', ExitCode: 0, StartedAt: '0001-01-01T00:00:00Z' }
    expect(read({ ...answer, State: never })).toMatchObject({ startedAt: null, exitCode: null })
    const ended = { Status: 'exited', ExitCode: 137, StartedAt: '2026-01-02T03:04:05Z' }
    expect(read({ ...answer, State: ended })).toMatchObject({ state: 'exited', exitCode: 137, health: null })
  })

  it.each([
    ['configured', false, 'created'],
    ['initialized', false, 'created'],
    ['stopped', false, 'exited'],
    ['stopping', true, 'running'],
    ['paused', true, 'paused'],
    ['a word of tomorrow', false, 'exited'],
  ])('take the word %s of another engine', (status, isRunning, state) => {
    expect(read({ ...answer, State: { Status: status, Running: isRunning } }).state).toBe(state)
  })

  it.each([
    ['starting', 'starting'],
    ['unhealthy', 'unhealthy'],
    ['none', null],
    ['', null],
  ])('take the health %j for %j', (status, health) => {
    const state = { Status: 'running', Health: { Status: status } }
    expect(read({ ...answer, State: state }).health).toBe(health)
  })

  it('know the labels of Podman and a container of `docker compose run`', () => {
    const labels = {
      'io.podman.compose.project': 'shop',
      'io.podman.compose.service': 'app',
      'com.docker.compose.oneoff': 'True',
    }
    expect(read({ ...answer, Config: { ...answer.Config, Labels: labels } }).compose).toEqual({
      project: 'shop',
      service: 'app',
      number: 1,
      workingDir: '',
      configFiles: [],
      oneOff: true,
    })
  })

  it('call the network of `docker run` by its name, and keep other modes', () => {
    const mode = (NetworkMode: string) => read({ ...answer, HostConfig: { NetworkMode } }).networkMode
    expect(mode('default')).toBe('bridge')
    expect(mode('host')).toBe('host')
    expect(mode(`container:${id}`)).toBe(`container:${id}`)
  })

  it('leave out ports that are not published to a number', () => {
    const ports = {
      '5432/tcp': [
        { HostIp: '', HostPort: '7' },
        { HostIp: '', HostPort: '' },
      ],
      '53/udp': [],
    }
    const settings = { Networks: {}, Ports: ports }
    expect(read({ ...answer, NetworkSettings: settings }).ports).toEqual([
      { containerPort: 5432, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 7 },
    ])
  })
})

describe('the environment of a container', () => {
  it('is split at the first equals sign', () => {
    expect(readVariables(['A=1', 'URL=postgres://h/?a=b', 'EMPTY=', 'UNSET'])).toEqual({
      A: '1',
      URL: 'postgres://h/?a=b',
      EMPTY: '',
    })
  })
})
