import type { EngineEvent, InputOf, OutputOf, RequestName } from '../../../../shared/api/engine-api.ts'
import type { ActiveRun, SessionView } from '../../../../shared/api/session-view.ts'
import type { RunHistory } from '../../../app/ports/run-history.ts'
import type { FleetController } from '../controllers/fleet-controller.ts'
import type { LagSampler } from '../controllers/lag-sampler.ts'
import type { PlanController } from '../controllers/plan-controller.ts'
import type { RollbackController } from '../controllers/rollback-controller.ts'
import type { RunController } from '../controllers/run-controller.ts'
import type { SessionController } from '../controllers/session-controller.ts'
import type { SurveyController } from '../controllers/survey-controller.ts'
import type { PreferencesStore } from '../interface/preferences-store.ts'
import type { SecretStorage } from '../interface/secret-storage.ts'

/** Everything that the handlers of a service share. */
export interface ServiceContext {
  readonly readOnly: boolean
  /** The account of this machine, which is not verified. */
  readonly user: string
  readonly session: SessionController
  readonly plans: PlanController
  readonly runs: RunController
  readonly rollbacks: RollbackController
  readonly fleet: FleetController
  readonly surveys: SurveyController
  readonly lag: LagSampler
  readonly history: RunHistory
  readonly preferences: PreferencesStore
  readonly secrets: SecretStorage
  /** Tells every client. */
  readonly announce: (event: EngineEvent) => void
  readonly viewSession: () => Promise<SessionView>
  /** Runs without an end whose process is alive: ours, then those of other processes. */
  readonly listActive: () => Promise<readonly ActiveRun[]>
}

/** What a request knows about who asked. */
export interface RequestClient {
  /** From now on a screen shows servers here: they are asked once a second. */
  refresh(): void
  /** Sends every event after a sequence number from now on; a run that is followed already is followed again. */
  follow(runId: string, afterSeq: number): void
  unfollow(runId: string): void
}

type Handler<Name extends RequestName> = (
  input: InputOf<Name>,
  client: RequestClient,
) => Promise<OutputOf<Name>>

/** One handler for each request: the compiler refuses a request without one. */
export type Handlers = { readonly [Name in RequestName]: Handler<Name> }
/** The handlers of one topic. */
export type HandlersOf<Topic extends string> = Pick<Handlers, Extract<RequestName, `${Topic}.${string}`>>
