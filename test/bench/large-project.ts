import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../support/run-command.ts'

/** A Compose project of 20 containers and 200 tenants that runs. */
export interface LargeProject {
  readonly folder: string
  /** What `docker compose` and Lockstep need to find its daemon. */
  readonly environment: NodeJS.ProcessEnv
  /** Its PostgreSQL services. */
  readonly servers: readonly string[]
  readonly containerCount: number
  readonly tenantCount: number
  /** Each standby and the server that it takes WAL from. */
  readonly links: Readonly<Record<string, string>>
}

/** Where its containers run, and of what they are made. */
export interface LargeProjectPlace {
  readonly host: string
  readonly postgresImage: string
  readonly appImage: string
}

const tenantCount = 200
const plainCount = 13
const links = {
  'standby-1': 'primary',
  'standby-2': 'primary',
  'standby-3': 'standby-1',
  'ledger-standby': 'ledger',
}
const servers = ['primary', 'ledger', ...Object.keys(links)]

/** Lends a large project, up and healthy; removes it with its volumes. */
export async function withLargeProject<T>(
  place: LargeProjectPlace,
  use: (project: LargeProject) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-large-'))
  const environment = { ...process.env, DOCKER_HOST: place.host }
  const compose = (...args: string[]) =>
    runCommand('docker', ['compose', ...args], { folder, environment, seconds: 900 })
  writeFileSync(join(folder, 'init-primary.sh'), initPrimary(tenantCount), { mode: 0o755 })
  writeFileSync(join(folder, 'init-ledger.sh'), initPrimary(0), { mode: 0o755 })
  // JSON is YAML.
  writeFileSync(join(folder, 'compose.yaml'), JSON.stringify(declare(place), null, 2))
  try {
    await compose('up', '-d', '--wait')
    const containerCount = servers.length + 1 + plainCount
    return await use({ folder, environment, servers, containerCount, tenantCount, links })
  } finally {
    await compose('down', '-v', '--remove-orphans', '--timeout', '5')
    rmSync(folder, { recursive: true, force: true })
  }
}

function declare({ postgresImage, appImage }: LargeProjectPlace): object {
  const fixtures = fileURLToPath(new URL('../../examples/shop-compose', import.meta.url))
  const follow = (upstream: string, more: object = {}, settings: readonly string[] = []) => ({
    ...serverBase(postgresImage),
    entrypoint: ['bash', '/start-standby.sh'],
    command: [...serverSettings, ...settings],
    environment: { ...environmentOf, UPSTREAM: upstream },
    depends_on: { [upstream]: { condition: 'service_healthy' } },
    volumes: [`${fixtures}/start-standby.sh:/start-standby.sh:ro`],
    ...more,
  })
  const lead = (script: string) => ({
    ...serverBase(postgresImage),
    command: ['postgres', ...serverSettings],
    environment: environmentOf,
    ports: ['127.0.0.1:0:5432'],
    volumes: [`./${script}:/docker-entrypoint-initdb.d/init.sh:ro`],
  })
  const plain = Array.from({ length: plainCount }, (_, index) => [
    `plain-${String(index + 1).padStart(2, '0')}`,
    { image: appImage, command: ['sleep', 'infinity'], init: true },
  ])
  // They listen inside their containers only: no way but a tunnel leads to them.
  const hidden = ['-c', 'listen_addresses=localhost']
  return {
    name: `lockstep-large-${randomBytes(4).toString('hex')}`,
    services: {
      primary: lead('init-primary.sh'),
      'standby-1': follow('primary', { ports: ['127.0.0.1:0:5432'] }),
      'standby-2': follow('primary', {}, hidden),
      'standby-3': follow('standby-1', {}, hidden),
      ledger: lead('init-ledger.sh'),
      'ledger-standby': follow('ledger'),
      app: {
        image: appImage,
        init: true,
        command: ['sleep', 'infinity'],
        working_dir: '/srv/app',
        volumes: [`${fixtures}/alembic:/srv/app:ro`],
      },
      ...Object.fromEntries(plain),
    },
  }
}

const environmentOf = {
  PGDATA: '/var/lib/postgresql/lockstep/data',
  POSTGRES_PASSWORD: 'postgres',
  REPLICATION_PASSWORD: 'replicator',
}

/** Little memory, and no care for what a power failure would do. */
const serverSettings = [
  'fsync=off',
  'shared_buffers=16MB',
  'max_connections=30',
  'autovacuum=off',
  'wal_level=replica',
  'hot_standby=on',
  'max_wal_senders=10',
  'wal_keep_size=256MB',
].flatMap(setting => ['-c', setting])

function serverBase(image: string): object {
  return {
    image,
    stop_signal: 'SIGINT',
    healthcheck: {
      test: ['CMD', 'pg_isready', '-q', '-h', '127.0.0.1', '-U', 'postgres'],
      // Often enough to start soon, seldom enough not to be seen in the measurement.
      interval: '5s',
      timeout: '10s',
      retries: 10,
      start_period: '600s',
    },
  }
}

/** The server that runs such scripts waits for the disk: it is started again without. Files of databases are copied, without WAL for each page. */
function initPrimary(tenants: number): string {
  return `#!/usr/bin/env bash
set -euo pipefail
printf '\\nhost replication replicator all scram-sha-256\\n' >>"$PGDATA/pg_hba.conf"
pg_ctl -D "$PGDATA" -m fast -w stop
pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -c fsync=off" -w start
{
  printf "create role replicator with replication login password '%s';\\n" "$REPLICATION_PASSWORD"
  for number in $(seq -w 1 ${tenants}); do
    echo "create database tenant_$number template template0 strategy file_copy;"
  done
} | psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username postgres --dbname postgres
`
}
