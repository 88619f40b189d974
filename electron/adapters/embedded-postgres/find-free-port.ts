import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { LockstepError } from '../../../shared/failure/failure.ts'

/**
 * Finds a loopback port that is free, below the range that systems hand to outgoing connections:
 * a server that is down for a while must find its port free when it returns.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(15_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new LockstepError({
    kind: 'sandbox_failed',
    problem: 'no free port was found on 127.0.0.1',
    fix: 'end programs that listen on many ports, or allow listening on 127.0.0.1',
  })
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
