import type Dockerode from 'dockerode'
import { Client } from 'pg'
import { openTunnel } from '../../../electron/adapters/docker/tunnel.ts'
import type { ServerSettings } from '../../../electron/adapters/postgres/session/server-settings.ts'
import { waitUntil } from '../../support/wait-until.ts'

/** A session of `pg` through a tunnel; what the tests do to it does not end the test run. */
export async function connectThrough(engine: Dockerode, id: string): Promise<Client> {
  const client = new Client({
    user: 'postgres',
    database: 'postgres',
    stream: () => openTunnel(engine, id, 5432),
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** The settings of a server behind a tunnel. */
export function describeTunnelled(
  engine: Dockerode,
  id: string,
  changes: Partial<ServerSettings> = {},
): ServerSettings {
  return {
    name: 'main',
    cluster: 'main',
    declaredRole: 'primary',
    host: 'db',
    port: 5432,
    user: 'postgres',
    password: null,
    maintenanceDatabase: 'postgres',
    tls: 'disable',
    dial: () => openTunnel(engine, id, 5432),
    way: 'container_exec',
    shownEndpoint: 'docker exec db',
    ...changes,
  }
}

/** Waits until a backend is gone, as another session sees it. */
export async function waitUntilGone(observer: Client, pid: number): Promise<void> {
  await waitUntil(async () => {
    const { rows } = await observer.query('select 1 from pg_stat_activity where pid = $1', [pid])
    return rows.length === 0
  }, `backend ${pid} to end`)
}

/** The process id of a session's backend. */
export async function readBackendPid(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]!.pid
}
