import type Dockerode from 'dockerode'
import { withDeadline } from '../../lib/with-deadline.ts'
import type { ContainerProgramOptions, ContainerProgramResult } from './docker.ts'
import { startContainerProcess } from './exec-process.ts'

/**
 * Runs a short program in a container and collects what it prints; never throws.
 *
 * Its input is empty. After the deadline, or when the signal comes, it is not waited for any more: `code` is null.
 */
export async function runContainerProgram(
  engine: Dockerode,
  containerId: string,
  command: readonly string[],
  options: ContainerProgramOptions,
  signal: AbortSignal,
): Promise<ContainerProgramResult> {
  return withDeadline(signal, options.timeoutMs, async stop => {
    if (stop.aborted) return { code: null, stdout: '', stderr: 'stopped' }
    return collect(startContainerProcess(engine, containerId, command, options), stop)
  })
}

async function collect(
  child: ReturnType<typeof startContainerProcess>,
  stop: AbortSignal,
): Promise<ContainerProgramResult> {
  const giveUp = (): void => child.kill()
  stop.addEventListener('abort', giveUp, { once: true })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  const closed = Promise.all([untilClosed(child.stdout), untilClosed(child.stderr)])
  child.stdin.end()
  try {
    const { code, problem } = await child.ended
    await closed
    if (stop.aborted) return { ...printed, code: null, stderr: printed.stderr || 'stopped' }
    return { ...printed, code, stderr: problem === null ? printed.stderr : printed.stderr + problem }
  } finally {
    stop.removeEventListener('abort', giveUp)
  }
}

function untilClosed(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise(resolve => {
    stream.once('end', resolve)
    stream.once('close', resolve)
  })
}
