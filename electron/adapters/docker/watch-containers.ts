import type { IncomingMessage } from 'node:http'
import type { ContainerEvent } from '../../../shared/server/docker-container.ts'
import { pauseUntil } from '../../lib/throw-if-aborted.ts'
import { withEither } from '../../lib/with-deadline.ts'
import { askStream, CallError, type DaemonLine, type Question, toDockerFailure } from './call.ts'
import { readContainerEvent } from './container-event.ts'

const firstPauseMs = 100
const longestPauseMs = 5000

/** Who hears what happens to containers. */
export interface ContainerListener {
  onEvent(event: ContainerEvent): void
  onGap(): void
}

/** Tells what happens to containers until the signal comes; throws only when the daemon refuses the question. */
export async function watchContainers(
  line: DaemonLine,
  filter: { readonly project?: string },
  listener: ContainerListener,
  signal: AbortSignal,
): Promise<void> {
  return withEither([signal, line.closing], stop => watchUntil(line, filter, listener, stop))
}

async function watchUntil(
  line: DaemonLine,
  filter: { readonly project?: string },
  listener: ContainerListener,
  stop: AbortSignal,
): Promise<void> {
  // What happens before the stream is there is told too.
  let question = askForEvents(filter, Date.now())
  let misses = 0
  let mayHaveMissed = false
  while (!stop.aborted) {
    try {
      const stream = await askStream(line, question, stop)
      misses = 0
      if (mayHaveMissed) listener.onGap()
      await tell(line, stream, listener, stop)
    } catch (error) {
      if (stop.aborted) return
      if (!(error instanceof CallError)) throw error
      if (error.status !== null && error.status < 500) throw toDockerFailure(line, question, error)
    }
    mayHaveMissed = true
    question = askForEvents(filter, null)
    await pauseUntil(Math.min(longestPauseMs, firstPauseMs * 2 ** misses), stop)
    misses += 1
  }
}

/** Hands on what a stream says until it ends, breaks, or the daemon behind it falls silent. */
async function tell(
  line: DaemonLine,
  stream: IncomingMessage,
  listener: ContainerListener,
  stop: AbortSignal,
): Promise<void> {
  const end = (): void => {
    stream.destroy()
  }
  stop.addEventListener('abort', end)
  if (stop.aborted) end()
  const quiet = askWhenQuiet(line, stream, stop)
  try {
    for await (const text of readLines(stream, quiet.restart)) {
      if (stop.aborted) return
      const event = readContainerEvent(text)
      if (event === 'broken') listener.onGap()
      else if (event !== null) listener.onEvent(event)
    }
  } finally {
    quiet.end()
    stop.removeEventListener('abort', end)
    end()
  }
}

/** A stream may be quiet because nothing happens, or because the other end is gone: another question tells which. */
function askWhenQuiet(
  line: DaemonLine,
  stream: IncomingMessage,
  stop: AbortSignal,
): { restart(): void; end(): void } {
  let timer: NodeJS.Timeout | undefined
  let hasEnded = false
  const restart = (): void => {
    clearTimeout(timer)
    if (!hasEnded) timer = setTimeout(() => void ask(), line.deadlineMs * 2)
  }
  const ask = async (): Promise<void> => {
    try {
      const answer = await askStream(line, { call: 'ping', path: '/_ping' }, stop)
      answer.resume()
      restart()
    } catch {
      stream.destroy()
    }
  }
  restart()
  return {
    restart,
    end() {
      hasEnded = true
      clearTimeout(timer)
    },
  }
}

async function* readLines(stream: IncomingMessage, onData: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of stream) {
      onData()
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const text of lines) if (text.trim() !== '') yield text
    }
  } catch {
    // However a stream ends, another one follows.
  }
}

function askForEvents(filter: { readonly project?: string }, sinceMs: number | null): Question {
  const filters = {
    type: ['container'],
    ...(filter.project === undefined ? {} : { label: [`com.docker.compose.project=${filter.project}`] }),
  }
  const since = sinceMs === null ? {} : { since: (sinceMs / 1000).toFixed(3) }
  return {
    call: 'watch containers',
    path: '/events',
    query: { filters: JSON.stringify(filters), ...since },
  }
}
