import { Socket } from 'node:net'
import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { DialStream } from '../../adapters/postgres/session/server-settings.ts'

/** A connection that cannot be made, and says why as soon as it is used. */
export function dialFailing(failure: Failure): DialStream {
  return new FailingSocket(failure)
}

class FailingSocket extends Socket {
  readonly #failure: Failure
  constructor(failure: Failure) {
    super()
    this.#failure = failure
  }
  override connect(): this {
    this.destroy(new LockstepError(this.#failure))
    return this
  }
}
