import type { EngineEvent, Reply } from '../../../shared/api/engine-api.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import type { ProjectChoice } from '../project/open-project.ts'
import type { EndedRun } from '../service/interface/service.ts'
import type { SecretAnswer, SecretAsk } from './secret-messages.ts'

/** What the engine's process begins with: one argument of JSON, without secrets. */
export interface EngineArgument {
  readonly choice: ProjectChoice | null
  readonly readOnly: boolean
  /** The project of a sandbox that runs already, as after the engine was lost. */
  readonly sandboxFolder: string | null
}

/** From the shell to the engine's process. */
export type ToEngine =
  | { readonly type: 'open'; readonly client: number }
  | { readonly type: 'close'; readonly client: number }
  | {
      readonly type: 'request'
      readonly client: number
      readonly id: number
      readonly name: string
      readonly input: unknown
    }
  | { readonly type: 'sandbox'; readonly message: FromSandbox }
  | { readonly type: 'secret'; readonly id: number; readonly answer: SecretAnswer }
  /** Interrupt what is at work, undo it, and end. */
  | { readonly type: 'end'; readonly by: InterruptionSignal }

/** From the engine's process to the shell. */
export type FromEngine =
  | {
      readonly type: 'reply'
      readonly client: number
      readonly id: number
      readonly reply: Reply<unknown>
    }
  | { readonly type: 'event'; readonly client: number; readonly event: EngineEvent }
  | { readonly type: 'need_sandbox' }
  | { readonly type: 'need_secret'; readonly id: number; readonly asked: SecretAsk }
  /** What another engine would have to know if this one were lost. */
  | { readonly type: 'state'; readonly runId: string | null; readonly choice: ProjectChoice | null }
  /** Everything is undone and closed. */
  | { readonly type: 'ended'; readonly run: EndedRun | null }

/** From the shell to the sandbox's process. */
export type ToSandbox = { readonly type: 'stop' }

/** From the sandbox's process to the shell, which hands it on to the engine. */
export type FromSandbox =
  | { readonly type: 'progress'; readonly line: string }
  | { readonly type: 'ready'; readonly folder: string }
  /** It could not be started, or it ended. */
  | { readonly type: 'failed'; readonly failure: Failure }
  /** Its servers are gone and its folder is removed. */
  | { readonly type: 'ended' }
