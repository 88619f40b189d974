import { describe, expect, it } from 'vitest'
import type { ComposeService } from '../../electron/compose/nodes/compose-project.ts'
import { classifyService } from '../../electron/discovery/classify-service.ts'
import { makePort, makeProbe, makeService } from './sample-services.ts'

const kindOf = (changes: Partial<ComposeService>) => classifyService(makeService(changes)).kind

describe('the kind of a service', () => {
  it.each([
    'postgres',
    'postgres:17-alpine',
    `postgres:17@sha256:${'a'.repeat(64)}`,
    'docker.io/library/postgres:16',
    'localhost:5000/postgres',
    'example.com:5000/mirror/library/postgres:17.2',
    'postgis/postgis:17-3.5',
    'timescale/timescaledb:latest-pg17',
    'timescale/timescaledb-ha:pg17',
    'bitnami/postgresql:17',
    'bitnami/postgresql-repmgr:17',
    'supabase/postgres:15.8.1',
    'pgvector/pgvector:pg17',
    'citusdata/citus:13',
    'registry.developers.crunchydata.com/crunchydata/crunchy-postgres-ha:ubi9',
    'ghcr.io/zalando/spilo-17:4.0-p2',
    'percona/percona-distribution-postgresql:17',
    'team/shop-postgres',
  ])('is a server for the image %s', image => {
    expect(classifyService(makeService({ image }))).toMatchObject({
      kind: 'postgres',
      reason: `image ${image}`,
    })
  })

  it.each([
    'edoburu/pgbouncer:v1.24',
    'bitnami/pgpool:4',
    'pgpool/pgpool:4.5',
    'haproxy:3.0',
    'example.com/yandex/odyssey',
    'ghcr.io/postgresml/pgcat:latest',
    'supabase/supavisor:2.5',
  ])('is a pooler for the image %s', image => {
    expect(kindOf({ image, environment: { POSTGRESQL_PASSWORD: 'x', POSTGRES_PASSWORD: 'x' } })).toBe(
      'pooler',
    )
  })

  it.each([
    'redis:7',
    'dpage/pgadmin4',
    'postgrest/postgrest',
    'prometheuscommunity/postgres-exporter',
    'prodrigestivill/postgres-backup-local:17',
    'supabase/postgres-meta:v0.89',
    'spx01/pgbouncer_exporter',
  ])('is another one for the image %s', image => {
    expect(kindOf({ image, environment: { POSTGRES_PASSWORD: 'x', POSTGRES_HOST: 'db' } })).toBe('other')
  })

  it.each<[string, Partial<ComposeService>]>([
    ['command runs postgres', { command: ['postgres', '-c', 'wal_level=logical'] }],
    [
      'command runs postgres',
      { command: ['sh', '-c', 'pg_basebackup -h db -D /d\nexec gosu postgres postgres -D /d'] },
    ],
    ['environment has PGDATA', { environment: { PGDATA: '/data' } }],
    [
      'environment has POSTGRESQL_REPLICATION_MODE',
      { environment: { POSTGRESQL_REPLICATION_MODE: 'slave' } },
    ],
    ['environment has POSTGRES_PASSWORD', { environment: { POSTGRES_PASSWORD: 'x' } }],
    ['environment has POSTGRES_PASSWORD', { environment: { POSTGRES_PASSWORD: 'x', PRIMARY_HOST: 'db' } }],
    [
      'environment has POSTGRES_DB',
      {
        environment: { POSTGRES_DB: 'shop' },
        ports: [makePort(5432)],
        dependsOn: { vault: { condition: '', required: true } },
      },
    ],
    [
      'it exposes 5432 and is probed by pg_isready',
      { expose: ['5432'], healthcheck: makeProbe('CMD-SHELL', 'pg_isready -U shop') },
    ],
  ])('is a server in a custom image: %s', (reason, changes) => {
    const found = classifyService(
      makeService({ build: { context: '.', dockerfile: 'Dockerfile', target: null }, ...changes }),
    )
    expect(found).toMatchObject({ kind: 'postgres', reason })
  })

  it.each<[string, Partial<ComposeService>]>([
    ['a URL', { environment: { DATABASE_URL: 'postgresql://db/shop', POSTGRES_PASSWORD: 'x' } }],
    ['a host to connect to', { environment: { POSTGRES_DB: 'shop', POSTGRES_HOST: 'db' } }],
    ['a program of its own', { environment: { POSTGRES_PASSWORD: 'x' }, command: ['gunicorn', 'shop:app'] }],
    [
      'something to wait for',
      { environment: { POSTGRES_PASSWORD: 'x' }, dependsOn: { db: { condition: '', required: true } } },
    ],
    ['a port of its own', { environment: { POSTGRES_PASSWORD: 'x' }, ports: [makePort(8000)] }],
    [
      'a wait for the server',
      { command: ['sh', '-c', 'until pg_isready -h db -U postgres; do sleep 1; done; exec app'] },
    ],
    ['a word that is only a host', { command: ['wait-for', 'pgbouncer'] }],
  ])('is another one for an application with %s', (_what, changes) => {
    expect(kindOf(changes)).toBe('other')
  })

  it('is another one for a job that only uses the tools of the image', () => {
    const job = classifyService(
      makeService({
        image: 'postgres:17',
        command: ['psql', '-h', 'db', '-U', 'postgres', '-f', '/seed.sql'],
      }),
    )
    expect(job).toMatchObject({ kind: 'other', reason: 'image postgres:17, but its command runs psql' })
    expect(job.role.declared).toBeNull()
  })

  it('is never guessed to hold the migrations: they are looked for in its container', () => {
    expect(kindOf({ command: ['sh', '-c', 'alembic upgrade head && exec uvicorn shop:app'] })).toBe('other')
  })
})

describe('the port of a service', () => {
  it.each<[number, Partial<ComposeService>]>([
    [5432, {}],
    [5433, { command: ['postgres', '-p', '5433'] }],
    [5434, { command: ['-c', 'port=5434'] }],
    [5435, { command: ['postgres', '-cport=5435'] }],
    [5436, { command: ['postgres', '--port=5436'] }],
    [5437, { command: ['sh', '-c', 'pg_basebackup -h db -p 5432 -D /d && exec postgres -p 5437'] }],
    [5438, { environment: { PGPORT: '5438' } }],
    [5439, { environment: { PGPORT: '5438', POSTGRESQL_PORT_NUMBER: '5439' } }],
    [5440, { command: ['postgres', '-p', '5440'], environment: { PGPORT: '5438' } }],
    [5432, { environment: { PGPORT: 'none' } }],
    [5432, { command: ['pg_basebackup', '-p', '6000'] }],
  ])('is %i', (port, changes) => {
    expect(classifyService(makeService(changes)).port).toBe(port)
  })
})
