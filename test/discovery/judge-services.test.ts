import { describe, expect, it } from 'vitest'
import { type JudgeServicesRequest, judgeServices } from '../../electron/discovery/judge-services.ts'
import type { ContainerFacts, DaemonState } from '../../shared/server/docker-container.ts'
import type {
  FindingFact,
  FoundMigrations,
  ServiceObservation,
} from '../../shared/topology/discovered-project.ts'

const connected: DaemonState = {
  state: 'connected',
  endpoint: 'unix:///run/docker.sock',
  engine: 'docker',
  version: '28.0.0',
  apiVersion: '1.48',
  rootless: false,
}
const absent: DaemonState = { state: 'absent', tried: [] }

const container = (changes: Partial<ContainerFacts> = {}, files = ['/shop/compose.yml']): ContainerFacts => ({
  id: 'abc',
  name: 'shop-db-1',
  image: 'postgres:17',
  imageId: null,
  state: 'running',
  health: 'healthy',
  restarts: 0,
  startedAt: null,
  exitCode: null,
  workingDir: '/',
  command: [],
  compose: {
    project: 'shop',
    service: 'db',
    number: 1,
    workingDir: files[0]?.replace(/\/[^/]*$/, '') ?? '',
    configFiles: files,
    oneOff: false,
  },
  networks: [],
  networkMode: 'shop_default',
  ports: [],
  mounts: [],
  ...changes,
})

const service = (
  changes: Partial<ServiceObservation> = {},
  facts: ContainerFacts | null = container(),
): ServiceObservation => ({
  service: 'db',
  kind: 'postgres',
  reason: 'image postgres:17',
  image: 'postgres:17',
  isDeclared: true,
  dependsOn: [],
  container: facts,
  ...changes,
})

const migrations = (path: string): FoundMigrations => ({
  service: 'app',
  kind: 'alembic',
  path,
  interpreter: null,
})

const judge = (changes: Partial<JudgeServicesRequest> = {}) =>
  judgeServices({
    project: 'shop',
    daemon: connected,
    services: [service()],
    containers: [container()],
    place: { folder: '/shop', files: ['/shop/compose.yml'] },
    warnings: [],
    migrations: [],
    ...changes,
  })

type Changes = Partial<JudgeServicesRequest>
const withService = (...given: Parameters<typeof service>): Changes => ({ services: [service(...given)] })
const withFiles = (...files: string[]): Changes => ({ containers: [container({}, files)] })

describe('a finding about services', () => {
  it('is not made where everything is as it should be', () => {
    expect(judge()).toEqual([])
  })

  /** One project that raises the finding, with its subject, and one that does not. */
  it.each<[FindingFact, string, Changes, Changes]>([
    [{ kind: 'declared_not_observed', state: 'absent' }, 'shop', { daemon: absent }, {}],
    [
      { kind: 'pooler', image: 'edoburu/pgbouncer' },
      'bouncer',
      { ...withService({ service: 'bouncer', kind: 'pooler', image: 'edoburu/pgbouncer' }), containers: [] },
      withService({ service: 'bouncer', kind: 'other', image: 'edoburu/pgbouncer' }),
    ],
    [
      { kind: 'not_running', state: 'exited' },
      'db',
      withService({}, container({ state: 'exited' })),
      { ...withService({}, container({ state: 'exited' })), daemon: absent },
    ],
    [
      { kind: 'not_running', state: 'missing' },
      'db',
      withService({}, null),
      withService({ kind: 'other' }, null),
    ],
    [
      { kind: 'unhealthy', health: 'unhealthy' },
      'db',
      withService({}, container({ health: 'unhealthy' })),
      withService({}, container({ health: 'starting' })),
    ],
    [
      { kind: 'restarted', restarts: 3 },
      'db',
      withService({}, container({ restarts: 3 })),
      withService({ kind: 'other' }, container({ restarts: 3 })),
    ],
    [{ kind: 'not_declared' }, 'db', withService({ isDeclared: false }), withService()],
    [
      { kind: 'image_differs', declared: 'postgres:18', observed: 'postgres:17' },
      'db',
      withService({ image: 'postgres:18' }),
      withService({ image: 'docker.io/library/postgres:17' }),
    ],
    [
      { kind: 'image_differs', declared: 'postgres:18', observed: 'postgres:17' },
      'db',
      withService({ image: 'postgres:18' }),
      withService({ image: null }),
    ],
    [
      { kind: 'project_name_shared', folders: ['/other', '/shop'] },
      'shop',
      withFiles('/other/compose.yml'),
      { ...withFiles('/other/compose.yml'), place: null },
    ],
    [
      { kind: 'project_name_shared', folders: ['/shop/compose.test.yml', '/shop/compose.yml'] },
      'shop',
      withFiles('/shop/compose.test.yml'),
      withFiles('/shop/compose.yml', '/shop/compose.override.yml'),
    ],
    [
      { kind: 'compose_warning', problem: 'TAG is not set', at: 'compose.yml:3:5' },
      'shop',
      { warnings: [{ file: 'compose.yml', line: 3, column: 5, problem: 'TAG is not set' }] },
      {},
    ],
    [
      { kind: 'several_migrations', places: ['app:/a/alembic.ini', 'app:/b/alembic.ini'] },
      'shop',
      { migrations: [migrations('/a/alembic.ini'), migrations('/b/alembic.ini')] },
      { migrations: [migrations('/a/alembic.ini'), migrations('/a/alembic.ini')] },
    ],
  ])('$kind is raised', (what, subject, raising, silent) => {
    expect(judge(raising).map(finding => [finding.subject, finding.what])).toEqual([[subject, what]])
    expect(judge(silent).map(finding => finding.what.kind)).not.toContain(what.kind)
  })

  it('weighs more for a server than for what is beside it', () => {
    const unhealthy = container({ health: 'unhealthy' })
    const severities = (['postgres', 'pooler', 'migrations'] as const).map(
      kind =>
        judge(withService({ kind }, unhealthy)).find(finding => finding.what.kind === 'unhealthy')?.severity,
    )
    expect(severities).toEqual(['problem', 'warning', 'warning'])
  })

  it('is made once for a service with several containers', () => {
    const bouncer = service({ service: 'bouncer', kind: 'pooler' })
    expect(judge({ services: [bouncer, bouncer] })).toHaveLength(1)
  })
})
