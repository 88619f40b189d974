import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { DialStream, ServerSettings } from '../../adapters/postgres/session/server-settings.ts'

/** A way for other programs of this machine to a server that only a tunnel reaches. */
export interface ForwardedSocket {
  /** The folder of the Unix socket: what libpq takes as host. */
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/**
 * Opens a Unix socket that leads through a server's tunnel.
 *
 * Never a TCP port: inside its container a server often trusts every connection from there, and a port of
 * this machine would be open to its other users. The folder is the user's own (0700).
 */
export async function forwardSocket(settings: ServerSettings): Promise<ForwardedSocket> {
  const { dial, port } = settings
  if (!dial || process.platform === 'win32') {
    throw new LockstepError({
      kind: 'usage',
      problem: `server ${settings.name} is reached through a tunnel, which other programs of this machine cannot use`,
      fix: 'publish its port, or name the service that holds Alembic: migrations.alembic.service',
    })
  }
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-'))
  const open = new Set<Socket | DialStream>()
  const server = createServer(client => {
    const tunnel = dial()
    for (const end of [client, tunnel]) {
      open.add(end)
      end.once('close', () => open.delete(end))
    }
    const end = () => {
      client.destroy()
      tunnel.destroy()
    }
    tunnel.once('error', end)
    client.once('close', end)
    tunnel.once('connect', () => pipeline(client, tunnel, client, end))
    tunnel.connect(port, settings.host)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(join(folder, `.s.PGSQL.${port}`), resolve)
  })
  return {
    host: folder,
    port,
    close: async () => {
      for (const end of open) end.destroy()
      await new Promise(resolve => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
