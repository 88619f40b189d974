import { join } from 'node:path'
import type { EngineEvent } from '../../../../shared/api/engine-api.ts'
import type { SessionView } from '../../../../shared/api/session-view.ts'
import { listActiveRuns } from '../../../app/status/list-active-runs.ts'
import { createHistory } from '../../history/create-history.ts'
import { stateFolder } from '../../settings/state-folder.ts'
import { toolVersion } from '../../settings/tool-version.ts'
import { currentUser } from '../../stores/approval-channels.ts'
import { FleetController } from '../controllers/fleet-controller.ts'
import { LagSampler } from '../controllers/lag-sampler.ts'
import { PlanController } from '../controllers/plan-controller.ts'
import { RollbackController } from '../controllers/rollback-controller.ts'
import { RunController } from '../controllers/run-controller.ts'
import { SessionController } from '../controllers/session-controller.ts'
import { SurveyController } from '../controllers/survey-controller.ts'
import { watchProject } from '../controllers/watch-project.ts'
import { watchRuns } from '../controllers/watch-runs.ts'
import { createPreferencesStore } from '../interface/preferences-store.ts'
import { noSecrets, recallPasswords } from '../interface/secret-storage.ts'
import type { ServiceOptions } from '../interface/service-options.ts'
import { withoutStack } from '../interface/without-stack.ts'
import type { ServiceContext } from './service-context.ts'

/** What the controllers need of the service around them. */
export interface ContextOptions {
  readonly announce: (event: EngineEvent) => void
  readonly hasAudience: () => boolean
  readonly signal: AbortSignal
}

/** Wires the controllers to one another. */
export function openContext(
  options: ServiceOptions,
  { announce, hasAudience, signal }: ContextOptions,
): { readonly context: ServiceContext; close(): Promise<void> } {
  const folder = options.stateFolder ?? stateFolder()
  const user = currentUser()
  const secrets = options.secrets ?? noSecrets
  const session = new SessionController({
    demo: options.demo,
    signal,
    recall: file => recallPasswords(secrets, file),
    onChange: () => {
      fleet.forgetProject()
      project.refresh()
      tellState()
      tellSession()
    },
    onLine: line => announce({ type: 'progress', task: 'demo', line }),
  })
  const history = createHistory({
    folders: () => [session.project?.runsFolder ?? join(folder, 'runs')],
    importFolder: join(folder, 'imported'),
  })
  const rollbacks = new RollbackController({
    say: line => announce({ type: 'progress', task: 'rollback', line }),
    signal,
  })
  const onRunsChanged = (): void => {
    rollbacks.forget()
    tellRuns()
  }
  const tellRuns = (): void => {
    fleet.forget()
    announce({ type: 'runs.changed' })
    tellState()
    tellSession()
  }
  const runs = new RunController({ user, onChange: onRunsChanged })
  const listActive: ServiceContext['listActive'] = async () =>
    listActiveRuns(runs.active, await history.list(), session.project?.config.project ?? null)
  const fleet = new FleetController({
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
  const tellState = (): void =>
    options.onState?.({ runId: runs.active?.runId ?? null, choice: session.choice })
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
  const stopWatching = watchRuns({
    list: () => history.list(),
    hasAudience,
    onChange: seen => {
      // Our own run is seen to end a moment after its end: what was looked into meanwhile still holds.
      rollbacks.forgetBefore(seen[0]?.runId ?? null)
      tellRuns()
    },
  })
  const context: ServiceContext = {
    readOnly: options.readOnly,
    user,
    session,
    plans: new PlanController({ announce, signal }),
    runs,
    rollbacks,
    fleet,
    surveys: new SurveyController(signal, () => session.remembered),
    lag,
    history,
    preferences: createPreferencesStore(join(folder, 'preferences.json')),
    secrets,
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
