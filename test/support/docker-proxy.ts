import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What happens when a question is asked, before the daemon hears it. */
export interface Interception {
  /** The first line of the HTTP request, such as `GET /containers/ID/json HTTP/1.1`. */
  readonly question: RegExp
  /** Which one of those that match; the first when not given. */
  readonly occurrence?: number
  act(): Promise<unknown>
}

/** Lends the address of a socket that leads to a Docker daemon and lets something happen in between. */
export async function withDockerProxy<T>(
  host: string,
  interception: Interception,
  use: (proxy: { readonly host: string; readonly acted: () => boolean }) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-docker-proxy-'))
  const path = join(folder, 'docker.sock')
  const sockets = new Set<Socket>()
  let seen = 0
  let acted = false
  const pass = async (request: Buffer): Promise<void> => {
    const [line = ''] = request.toString('latin1').split('\r\n', 1)
    if (!interception.question.test(line)) return
    seen += 1
    if (seen !== (interception.occurrence ?? 1)) return
    await interception.act()
    acted = true
  }
  const server = createServer(client => {
    const daemon = connect(host.replace(/^unix:\/\//, ''))
    for (const [one, other] of [
      [client, daemon],
      [daemon, client],
    ] as const) {
      sockets.add(one)
      one.once('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.on('error', () => other.destroy())
    }
    daemon.pipe(client)
    let earlier = Promise.resolve()
    client.on('data', (chunk: Buffer) => {
      earlier = earlier.then(() => pass(chunk)).then(() => void daemon.write(chunk))
      earlier.catch(() => daemon.destroy())
    })
    client.on('end', () => void earlier.then(() => daemon.end()))
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  try {
    return await use({ host: `unix://${path}`, acted: () => acted })
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise(resolve => server.close(resolve))
    await rm(folder, { recursive: true, force: true })
  }
}
