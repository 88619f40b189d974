import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import type { DemoStarter } from '../service/interface/demo-starter.ts'
import type { FromSandbox } from './process-messages.ts'

/** The sandbox as the engine's process knows it: asked for through the shell, which starts it. */
export function linkSandbox(
  folder: string | null,
  ask: () => void,
): DemoStarter & { onMessage(message: FromSandbox): void } {
  let running = folder
  let waiting: Waiting | null = null
  const listeners = new Set<(failure: Failure) => void>()
  return {
    running: () => running,
    onEnd: listener => void listeners.add(listener),
    start(say) {
      if (running !== null) return Promise.resolve({ folder: running })
      return new Promise((resolve, reject) => {
        waiting = { say, resolve, reject }
        ask()
      })
    },
    onMessage(message) {
      switch (message.type) {
        case 'progress':
          waiting?.say(message.line)
          return
        case 'ready':
          running = message.folder
          waiting?.resolve({ folder: message.folder })
          waiting = null
          return
        case 'failed': {
          const wasRunning = running !== null
          running = null
          waiting?.reject(new LockstepError(message.failure))
          waiting = null
          if (wasRunning) for (const listener of listeners) listener(message.failure)
          return
        }
        case 'ended':
          return
        default:
          assertNever(message)
      }
    },
  }
}

interface Waiting {
  readonly say: (line: string) => void
  readonly resolve: (place: { readonly folder: string }) => void
  readonly reject: (error: Error) => void
}
