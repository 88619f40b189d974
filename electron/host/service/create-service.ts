import type { EngineEvent, OutputOf, Reply, RequestName } from '../../../shared/api/engine-api.ts'
import { requests } from '../../../shared/api/requests.ts'
import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { debug, sinceThen } from '../../output/debug-log.ts'
import { openContext } from './context/open-context.ts'
import type { Handlers, RequestClient, ServiceContext } from './context/service-context.ts'
import { guardInput } from './handlers/guard-input.ts'
import { handleLog } from './handlers/handle-log.ts'
import { handleOverview } from './handlers/handle-overview.ts'
import { handlePlan } from './handlers/handle-plan.ts'
import { handlePreferences } from './handlers/handle-preferences.ts'
import { handleProtocol } from './handlers/handle-protocol.ts'
import { handleRollback } from './handlers/handle-rollback.ts'
import { handleRun } from './handlers/handle-run.ts'
import { handleSecret } from './handlers/handle-secret.ts'
import { handleSession } from './handlers/handle-session.ts'
import { handleTopology } from './handlers/handle-topology.ts'
import { isRequestName } from './interface/request-risks.ts'
import type { EndedRun, EngineService } from './interface/service.ts'
import type { ServiceOptions } from './interface/service-options.ts'
import { withoutStack } from './interface/without-stack.ts'
import { type OpenedServiceClient, openServiceClient } from './open-service-client.ts'
import { parseRequest } from './parse-request.ts'

/** The engine behind a dashboard, in this process. */
export function createService(options: ServiceOptions): EngineService {
  const clients = new Map<OpenedServiceClient, (event: EngineEvent) => void>()
  const announce = (event: EngineEvent): void => {
    for (const publish of clients.values()) publish(event)
  }
  const end = new AbortController()
  const opened = openContext(options, {
    announce,
    hasAudience: () => [...clients.keys()].some(client => client.isLooking),
    signal: end.signal,
  })
  const { context } = opened
  const handlers: Handlers = {
    ...handleSession(context),
    ...handleOverview(context),
    ...handleTopology(context),
    ...handlePlan(context),
    ...handleRun(context),
    ...handleRollback(context),
    ...handleProtocol(context),
    ...handleLog(context),
    ...handlePreferences(context),
    ...handleSecret(context),
  }
  const inTurn = takeTurns()
  const first = options.choice ? context.session.openFirst(options.choice) : Promise.resolve()
  let closing: Promise<EndedRun | null> | null = null
  return {
    connect(publish) {
      const client = openServiceClient(context.history, publish)
      clients.set(client, publish)
      return {
        request: async (name, input) => {
          await first
          return answer(context, handlers, name, input, client, inTurn)
        },
        close: () => {
          clients.delete(client)
          client.close()
        },
      }
    },
    close(by = 'SIGTERM') {
      closing ??= (async () => {
        const ended = await context.runs.close(by)
        end.abort()
        for (const client of clients.keys()) client.close()
        clients.clear()
        await first
        await opened.close()
        return ended
      })()
      return closing
    },
  }
}

/** Answers any name and any input; what goes wrong is data. */
async function answer(
  context: ServiceContext,
  handlers: Handlers,
  name: string,
  input: unknown,
  client: RequestClient,
  inTurn: Turns,
): Promise<Reply<unknown>> {
  const startedAt = performance.now()
  const tell = (how: string): void => debug('service', () => `${name}: ${how}, ${sinceThen(startedAt)}`)
  try {
    if (!isRequestName(name)) throw new LockstepError(unknownRequest(name))
    const work = (): Promise<unknown> => dispatch(context, handlers, name, input, client)
    const value = await ('inTurn' in requests[name] ? inTurn(work) : work())
    tell('answered')
    return { ok: true, value }
  } catch (error) {
    const failure = toFailure(error)
    tell(failure.kind)
    return { ok: false, failure: withoutStack(failure) }
  }
}

async function dispatch<Name extends RequestName>(
  context: ServiceContext,
  handlers: Handlers,
  name: Name,
  given: unknown,
  client: RequestClient,
): Promise<OutputOf<Name>> {
  const input = parseRequest(name, given)
  await guardInput(context, name, input)
  return handlers[name](input, client)
}

type Turns = (work: () => Promise<unknown>) => Promise<unknown>

/** Does one work after another, whatever becomes of each. */
function takeTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
}

function unknownRequest(name: string): Failure {
  return {
    kind: 'request_invalid',
    request: String(name).slice(0, 100),
    problem: 'there is no such request',
  }
}
