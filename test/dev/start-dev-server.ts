import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer, type ProxyOptions, type ViteDevServer } from 'vite'
import { refuseForeign } from '../../electron/web/check-request.ts'
import { enginePath, sessionPath } from '../../shared/api/web-session.ts'
import { openProduct, openSample, type Transport } from './open-transport.ts'

/** What a dashboard with hot reload is started with. */
export interface DevOptions {
  /** None: the sample engine of the browser tests. `--sandbox`, or what `lockstep open` takes: the real one. */
  readonly args: readonly string[]
  /** Another one is taken where this one is; 0 takes a free one. */
  readonly port: number
  readonly say: (line: string) => void
  readonly environment?: NodeJS.ProcessEnv
  /** Where Vite keeps the packages that it has prepared. */
  readonly cacheFolder?: string
}

/** A dashboard whose page and modules come from Vite, and whose engine is behind the loopback transport. */
export interface DevServer {
  readonly address: string
  /** An address for another browser; null where the transport itself prints one. */
  readonly newAddress: (() => string) | null
  readonly vite: ViteDevServer
  readonly ended: Promise<void>
  close(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Serves the screens from their sources, and hands what they ask of the engine on to the loopback transport.
 *
 * The transport refuses what its own pages did not send, by Host and Origin. Those of this server's pages are put in their
 * place only after this server has refused the same, so the guard is as strong as without it.
 */
export async function startDevServer(options: DevOptions): Promise<DevServer> {
  const { args, say } = options
  let vite: ViteDevServer | null = null
  const toOwn = (text: string): string =>
    vite === null ? text : text.replaceAll(`127.0.0.1:${transport.port}`, `127.0.0.1:${portOf(vite)}`)
  const transport =
    args.length === 0
      ? await openSample()
      : await openProduct(args, line => say(toOwn(line)), options.environment ?? process.env)
  try {
    vite = await startVite(options, transport)
  } catch (error) {
    await transport.close()
    throw error
  }
  const server = vite
  const { newAddress } = transport
  return {
    address: toOwn(transport.address),
    newAddress: newAddress && (() => toOwn(newAddress())),
    vite: server,
    ended: transport.ended.then(() => server.close()),
    close: () => transport.close(),
  }
}

async function startVite({ port, cacheFolder }: DevOptions, transport: Transport): Promise<ViteDevServer> {
  const target = `http://127.0.0.1:${transport.port}`
  const proxy: ProxyOptions = {
    target,
    changeOrigin: true,
    headers: { origin: target },
    ws: true,
    bypass: request => (isForeign(request) ? false : undefined),
  }
  const server = await createServer({
    configFile: join(root, 'vite.config.ts'),
    mode: 'renderer',
    base: '/',
    logLevel: 'warn',
    clearScreen: false,
    ...(cacheFolder === undefined ? {} : { cacheDir: cacheFolder }),
    server: {
      host: '127.0.0.1',
      port,
      strictPort: false,
      // The screens import the words of `shared`, which lie beside their own folder.
      fs: { allow: [root] },
      proxy: { [`^${sessionPath}$`]: proxy, [`^${enginePath}$`]: proxy },
    },
  })
  return server.listen()
}

function isForeign(request: IncomingMessage): boolean {
  const { localPort = 0 } = request.socket
  return refuseForeign(request, localPort, request.headers.upgrade !== undefined) !== null
}

function portOf(vite: ViteDevServer): number {
  const address = vite.httpServer?.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
