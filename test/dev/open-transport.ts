import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { EngineService } from '../../electron/host/service/interface/service.ts'
import { serveDashboard } from '../../electron/web/serve-dashboard.ts'
import { createSampleEngine } from '../support/dashboard/sample-views.ts'

/** A loopback transport with an engine behind it. */
export interface Transport {
  readonly port: number
  /** Signs one browser in, once. */
  readonly address: string
  readonly newAddress: (() => string) | null
  readonly ended: Promise<void>
  close(): Promise<void>
}

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The product's own transport, with the engine of the browser tests behind it. */
export async function openSample(): Promise<Transport> {
  const dashboard = await serveDashboard({
    service: createSampleService(),
    // It is asked for no page; it only wants a folder.
    files: fromHere('../../renderer/public'),
    port: 0,
    open: null,
  })
  let end = (): void => undefined
  const ended = new Promise<void>(resolve => {
    end = resolve
  })
  return {
    port: dashboard.port,
    address: dashboard.newAddress(),
    newAddress: dashboard.newAddress,
    ended,
    async close() {
      await dashboard.close('ended')
      end()
    },
  }
}

function createSampleService(): EngineService {
  const engine = createSampleEngine()
  return {
    connect: publish => ({ request: engine.request, close: engine.subscribe(publish) }),
    close: async () => null,
  }
}

/** `lockstep open --web` in a process of its own; `--sandbox` is the word of this script for `--demo`. */
export async function openProduct(
  args: readonly string[],
  say: (line: string) => void,
  environment: NodeJS.ProcessEnv,
): Promise<Transport> {
  const words = args.map(arg => (arg === '--sandbox' ? '--demo' : arg))
  const launcher = fromHere('../../electron/cli/lockstep.mjs')
  const child = spawn(process.execPath, [launcher, 'open', '--web', '--idle-minutes=0', ...words], {
    // Enter, which asks for another address, is for the product.
    stdio: ['inherit', 'pipe', 'pipe'],
    env: environment,
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('close', () => resolve())
    child.once('error', reject)
  })
  const lines = createInterface(child.stdout)
  createInterface(child.stderr).on('line', say)
  const address = await Promise.race([
    new Promise<string>(resolve => lines.once('line', resolve)),
    ended.then(() => Promise.reject(new Error('lockstep open ended before it had an address'))),
  ])
  return {
    port: Number(new URL(address).port),
    address,
    newAddress: null,
    ended,
    async close() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
