import { join } from 'node:path'
import type { EngineEvent, InputOf, OutputOf, Reply, RequestName } from '../../../shared/api/engine-api.ts'
import { isChanging, isRequestName } from '../../../shared/api/request-risks.ts'
import type { SessionView } from '../../../shared/api/session-view.ts'
import { type Failure, LockstepError, toFailure } from '../../../shared/failure.ts'
import { currentUser } from '../current-user.ts'
import { createHistory } from '../history/create-history.ts'
import type { ProjectChoice } from '../open-project.ts'
import { stateFolder } from '../state-folder.ts'
import { toolVersion } from '../tool-version.ts'
import type { DemoStarter } from './demo-starter.ts'
import { FleetDesk } from './fleet-desk.ts'
import { guardInput } from './guard-input.ts'
import { handleLog } from './handle-log.ts'
import { handleOverview } from './handle-overview.ts'
import { handlePlan } from './handle-plan.ts'
import { handlePreferences } from './handle-preferences.ts'
import { handleRun } from './handle-run.ts'
import { handleSession } from './handle-session.ts'
import { handleTopology } from './handle-topology.ts'
import { LagSampler } from './lag-sampler.ts'
import { type OpenedClient, openClient } from './open-client.ts'
import { PlanDesk } from './plan-desk.ts'
import { createPreferencesStore } from './preferences-store.ts'
import { parseRequest } from './request-schemas.ts'
import { RunDesk } from './run-desk.ts'
import type { EngineService } from './service.ts'
import type { Handlers, RequestClient, ServiceContext } from './service-context.ts'
import { SessionDesk } from './session-desk.ts'
import { SurveyDesk } from './survey-desk.ts'
import { watchProject } from './watch-project.ts'
import { listActiveRuns, watchRuns } from './watch-runs.ts'

export interface ServiceOptions {
  /** Which project to begin with; null for none. */
  readonly choice: ProjectChoice | null
  readonly readOnly: boolean
  /** Null where there is no sandbox to be had. */
  readonly demo: DemoStarter | null
  /** Where preferences and opened logs are kept. */
  readonly stateFolder?: string
  /** Told what another engine would have to know if this one were lost. */
  readonly onStanding?: (standing: ServiceStanding) => void
}

/** The run that is at work here, and the project that is open. */
export interface ServiceStanding {
  readonly runId: string | null
  readonly choice: ProjectChoice | null
}

/** The engine behind a dashboard, in this process. */
export function createService(options: ServiceOptions): EngineService {
  const clients = new Map<OpenedClient, (event: EngineEvent) => void>()
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
    ...handleLog(context),
    ...handlePreferences(context),
  }
  const first = options.choice ? context.session.openFirst(options.choice) : Promise.resolve()
  let closing: Promise<void> | null = null
  return {
    connect(publish) {
      const client = openClient(context.history, publish)
      clients.set(client, publish)
      return {
        request: async (name, input) => {
          await first
          return answer(context, handlers, name, input, client)
        },
        close: () => {
          clients.delete(client)
          client.close()
        },
      }
    },
    close() {
      closing ??= (async () => {
        await context.runs.close('SIGTERM')
        end.abort()
        for (const client of clients.keys()) client.close()
        clients.clear()
        await first
        await opened.close()
      })()
      return closing
    },
  }
}

interface Surroundings {
  readonly announce: (event: EngineEvent) => void
  readonly hasAudience: () => boolean
  readonly signal: AbortSignal
}

/** Wires the desks to one another. */
function openContext(
  options: ServiceOptions,
  { announce, hasAudience, signal }: Surroundings,
): { readonly context: ServiceContext; close(): Promise<void> } {
  const folder = options.stateFolder ?? stateFolder()
  const user = currentUser()
  const session = new SessionDesk({
    demo: options.demo,
    signal,
    onChange: () => {
      fleet.forgetProject()
      project.look()
      tellStanding()
      tellSession()
    },
    onLine: line => announce({ type: 'progress', task: 'demo', line }),
  })
  const history = createHistory({
    folders: () => [session.project?.runsFolder ?? join(folder, 'runs')],
    importFolder: join(folder, 'imported'),
  })
  const onRunsChanged = (): void => {
    fleet.forget()
    announce({ type: 'runs.changed' })
    tellStanding()
    tellSession()
  }
  const runs = new RunDesk({ user, onChange: onRunsChanged })
  const listActive: ServiceContext['listActive'] = async () =>
    listActiveRuns(runs.active, await history.list())
  const fleet = new FleetDesk({
    project: () => session.refresh(),
    isAtWork: async () => runs.isBusy || (await listActive()).length > 0,
    signal,
  })
  const viewSession = async (): Promise<SessionView> => ({
    toolVersion,
    readOnly: options.readOnly,
    project: session.view(),
    failure: session.failure === null ? null : withoutStack(session.failure),
    demo: session.demo,
    activeRuns: await listActive(),
    user,
  })
  const tellStanding = (): void =>
    options.onStanding?.({ runId: runs.active?.runId ?? null, choice: session.choice })
  const tellSession = (): void => {
    void viewSession().then(
      view => announce({ type: 'session.changed', session: view }),
      () => undefined,
    )
  }
  const lag = new LagSampler({
    project: () => session.project,
    hasAudience,
    onSamples: samples => announce({ type: 'lag.sampled', samples }),
  })
  const project = watchProject({
    choice: () => session.choice,
    project: () => session.project,
    onChange: () => {
      fleet.forget()
      announce({ type: 'topology.changed' })
    },
    signal,
  })
  const stopWatching = watchRuns({ list: () => history.list(), hasAudience, onChange: onRunsChanged })
  const context: ServiceContext = {
    readOnly: options.readOnly,
    user,
    session,
    plans: new PlanDesk({ announce, signal }),
    runs,
    fleet,
    surveys: new SurveyDesk(signal),
    lag,
    history,
    preferences: createPreferencesStore(join(folder, 'preferences.json')),
    announce,
    viewSession,
    listActive,
  }
  return {
    context,
    close: async () => {
      stopWatching()
      await Promise.all([lag.close(), project.close()])
      history.close()
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
): Promise<Reply<unknown>> {
  try {
    if (!isRequestName(name)) throw new LockstepError(unknownRequest(name))
    return { ok: true, value: await dispatch(context, handlers, name, input, client) }
  } catch (error) {
    return { ok: false, failure: withoutStack(toFailure(error)) }
  }
}

async function dispatch<Name extends RequestName>(
  context: ServiceContext,
  handlers: Handlers,
  name: Name,
  given: unknown,
  client: RequestClient,
): Promise<OutputOf<Name>> {
  const input: InputOf<Name> = parseRequest(name, given)
  if (isChanging(name)) await guardInput(context, name, parseRequest(name, given))
  return handlers[name](input, client)
}

function unknownRequest(name: string): Failure {
  return {
    kind: 'request_invalid',
    request: String(name).slice(0, 100),
    problem: 'there is no such request',
  }
}

/** A stack names this machine's files; it stays here. */
function withoutStack(failure: Failure): Failure {
  return failure.kind === 'internal' ? { kind: 'internal', message: failure.message } : failure
}
