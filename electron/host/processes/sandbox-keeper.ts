import type { FromSandbox, ToSandbox } from './process-messages.ts'
import type { StartedProcess, StartProcess } from './start-process.ts'

/** Keeps the sandbox's process, which outlives the engine's: a lost engine finds its servers again. */
export class SandboxKeeper {
  readonly #start: StartProcess
  readonly #tell: (message: FromSandbox) => void
  #part: StartedProcess | null = null
  #folder: string | null = null
  #exited: Promise<void> = Promise.resolve()
  /** It said that it failed, and is not gone yet. */
  #isGoing = false
  #isWantedAgain = false

  constructor(start: StartProcess, tell: (message: FromSandbox) => void) {
    this.#start = start
    this.#tell = tell
  }

  /** The folder of its project, once it is ready. */
  get folder(): string | null {
    return this.#folder
  }

  /** Starts it where it does not run; a request while it runs is told that it is ready. */
  start(): void {
    if (this.#part !== null) {
      if (this.#isGoing) this.#isWantedAgain = true
      else if (this.#folder !== null) this.#tell({ type: 'ready', folder: this.#folder })
      return
    }
    this.#isWantedAgain = false
    const part = this.#start('sandbox', '{}')
    this.#part = part
    part.onMessage(given => {
      // Only the sandbox of this build speaks here.
      const message = given as FromSandbox
      if (message.type === 'ready') this.#folder = message.folder
      if (message.type === 'failed') this.#isGoing = true
      if (message.type === 'ended') part.stop()
      else this.#tell(message)
    })
    this.#exited = new Promise(resolve => {
      part.onExit(how => {
        this.#part = null
        this.#folder = null
        if (!this.#isGoing) this.#tell({ type: 'failed', failure: describeEnd(how) })
        this.#isGoing = false
        resolve()
        if (this.#isWantedAgain) this.start()
      })
    })
  }

  async close(): Promise<void> {
    this.#isWantedAgain = false
    const stop: ToSandbox = { type: 'stop' }
    this.#part?.send(stop)
    await this.#exited
  }
}

function describeEnd(how: string): Extract<FromSandbox, { type: 'failed' }>['failure'] {
  return { kind: 'sandbox_failed', problem: `its process ended: ${how}`, fix: 'Open the sandbox again.' }
}
