import type { Failure } from '../../../shared/failure/failure.ts'
import { withDeadline } from '../../lib/with-deadline.ts'
import type { Servers } from '../ports/servers.ts'
import type { ExecutionContext } from './run-context.ts'
import type { StopSwitch } from './stop-switch.ts'

const everyMs = 1_000
/** Statements outside a vote are given up only then: until then the server may be busy, or the network on its way back. */
const silentMs = 60_000
const askMs = 5_000
/** What an observation says of a server that has not answered in time. */
const silences: readonly Failure['kind'][] = [
  'server_unreachable',
  'connection_lost',
  'cancelled',
  'deadline_passed',
]

interface WatchContext extends Pick<ExecutionContext, 'findLostLock' | 'clock'> {
  readonly ports: { readonly servers: Pick<Servers, 'observe'> }
}

/** Stops the votes as soon as a run lock is lost: nothing can be decided without it, so nothing may wait for more. */
export function stopVotesOnLostLock<T>(
  context: WatchContext,
  stop: StopSwitch,
  work: () => Promise<T>,
): Promise<T> {
  return withWatch(context, stop, async lost => lost !== null, work)
}

/**
 * Stops what commits by itself once the server of a lost lock has given no answer for a minute.
 *
 * A statement has no deadline of ours: behind a network that swallows everything its answer would be waited for until TCP
 * gives up. A server that answers keeps its statement, which no other run can begin a second time while it holds its locks.
 */
export function stopStatementsOnSilence<T>(
  context: WatchContext,
  stop: StopSwitch,
  work: () => Promise<T>,
): Promise<T> {
  const { clock, ports } = context
  let answeredAt = clock.monotonicMs()
  const isSilent = async (lost: string | null, end: AbortSignal): Promise<boolean> => {
    const hasAnswered = lost === null || (await answers(ports.servers, lost, end))
    if (hasAnswered) answeredAt = clock.monotonicMs()
    return clock.monotonicMs() - answeredAt >= silentMs
  }
  return withWatch(context, stop, isSilent, work)
}

/** A server that refuses the question has answered. */
async function answers(
  servers: Pick<Servers, 'observe'>,
  server: string,
  end: AbortSignal,
): Promise<boolean> {
  const { failure } = await withDeadline(end, askMs, bounded => servers.observe(server, bounded))
  return failure === null || !silences.includes(failure.kind)
}

/** Says which run lock is lost, where one is. */
export function describeLostLock({ findLostLock }: Pick<ExecutionContext, 'findLostLock'>): Failure | null {
  const server = findLostLock()
  return server === null ? null : { kind: 'connection_lost', server, during: 'holding the run lock' }
}

/** Asks once a second until the work is over, and pulls the switch at the first yes; a question that fails never reaches the work. */
async function withWatch<T>(
  { clock, findLostLock }: WatchContext,
  stop: StopSwitch,
  endsWork: (lost: string | null, end: AbortSignal) => Promise<boolean>,
  work: () => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const watching = (async () => {
    while (!end.signal.aborted && !stop.signal.aborted) {
      await clock.sleep(everyMs, end.signal)
      if (end.signal.aborted) break
      const endsNow = await endsWork(findLostLock(), end.signal).catch(() => false)
      if (endsNow) stop.pull()
    }
  })()
  try {
    return await work()
  } finally {
    end.abort()
    await watching
  }
}
