import type { EngineEvent, Reply } from '../../../shared/api/engine-api.ts'
import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import { noSecrets, type SecretStorage } from '../service/interface/secret-storage.ts'
import type { EndedRun, EngineService, ServiceClient } from '../service/interface/service.ts'
import { answerSecret } from './answer-secret.ts'
import type { LaunchOptions } from './launch-options.ts'
import type { EngineArgument, FromEngine, ToEngine } from './process-messages.ts'
import { SandboxKeeper } from './sandbox-keeper.ts'
import type { SecretAsk } from './secret-messages.ts'
import type { StartedProcess, StartProcess } from './start-process.ts'

export interface SuperviseOptions {
  readonly start: StartProcess
  readonly options: Pick<LaunchOptions, 'choice' | 'readOnly'>
  /** Where passwords are remembered; absent where none are. */
  readonly secrets?: SecretStorage
}

/** An engine that dies this often within a minute is not started again. */
const mostStarts = 5
const windowMs = 60_000

/** Offers the engine of another process: when that is lost, another one takes its place. */
export function superviseProcesses(options: SuperviseOptions): EngineService {
  return new Supervisor(options)
}

interface Pending {
  readonly client: number
  readonly name: string
  readonly resolve: (reply: Reply<unknown>) => void
}

class Supervisor implements EngineService {
  readonly #options: SuperviseOptions
  readonly #clients = new Map<number, (event: EngineEvent) => void>()
  readonly #pending = new Map<number, Pending>()
  readonly #sandbox: SandboxKeeper
  #state: Extract<FromEngine, { type: 'state' }>
  #engine: StartedProcess | null = null
  #losses: readonly number[] = []
  #numbers = 0
  #closing: Promise<EndedRun | null> | null = null

  constructor(options: SuperviseOptions) {
    this.#options = options
    this.#state = { type: 'state', runId: null, choice: options.options.choice }
    this.#sandbox = new SandboxKeeper(options.start, message => this.#send({ type: 'sandbox', message }))
    this.#startEngine()
  }

  connect(publish: (event: EngineEvent) => void): ServiceClient {
    this.#numbers += 1
    const client = this.#numbers
    this.#clients.set(client, publish)
    this.#send({ type: 'open', client })
    return {
      request: (name, input) => this.#request(client, name, input),
      close: () => {
        if (!this.#clients.delete(client)) return
        this.#answerPending(one => one.client === client)
        this.#send({ type: 'close', client })
      },
    }
  }

  close(by: InterruptionSignal = 'SIGTERM'): Promise<EndedRun | null> {
    this.#closing ??= this.#end(by)
    return this.#closing
  }

  #request(client: number, name: string, input: unknown): Promise<Reply<unknown>> {
    if (this.#engine === null || !this.#clients.has(client)) return Promise.resolve(gone(name))
    this.#numbers += 1
    const id = this.#numbers
    return new Promise(resolve => {
      this.#pending.set(id, { client, name, resolve })
      this.#send({ type: 'request', client, id, name, input })
    })
  }

  #send(message: ToEngine): void {
    this.#engine?.send(message)
  }

  #startEngine(): void {
    const argument: EngineArgument = {
      choice: this.#state.choice,
      readOnly: this.#options.options.readOnly,
      sandboxFolder: this.#sandbox.folder,
    }
    const engine = this.#options.start('engine', JSON.stringify(argument))
    this.#engine = engine
    engine.onMessage(message => {
      // Only the engine of this build speaks here; one that was given up is not listened to any more.
      if (this.#engine === engine) this.#hear(message as FromEngine)
    })
    engine.onExit(() => {
      if (this.#engine === engine) this.#lose()
    })
    for (const client of this.#clients.keys()) this.#send({ type: 'open', client })
  }

  #hear(message: FromEngine): void {
    switch (message.type) {
      case 'reply':
        this.#pending.get(message.id)?.resolve(message.reply)
        this.#pending.delete(message.id)
        return
      case 'event':
        this.#clients.get(message.client)?.(message.event)
        return
      case 'need_sandbox':
        this.#sandbox.start()
        return
      case 'need_secret':
        void this.#answerSecret(message.id, message.asked)
        return
      case 'state':
        this.#state = message
        return
      case 'ended':
    }
  }

  /** An engine that took the place of the one that asked has numbers of its own. */
  async #answerSecret(id: number, asked: SecretAsk): Promise<void> {
    const engine = this.#engine
    const answer = await answerSecret(this.#options.secrets ?? noSecrets, asked)
    if (this.#engine === engine) this.#send({ type: 'secret', id, answer })
  }

  #lose(): void {
    this.#engine = null
    const { runId } = this.#state
    this.#state = { ...this.#state, runId: null }
    this.#answerPending(() => true)
    if (this.#closing !== null) return
    const now = performance.now()
    this.#losses = [...this.#losses.filter(at => now - at < windowMs), now]
    if (this.#losses.length < mostStarts) this.#startEngine()
    for (const publish of this.#clients.values()) publish({ type: 'engine.ended', runId })
  }

  #answerPending(isMeant: (pending: Pending) => boolean): void {
    for (const [id, pending] of this.#pending) {
      if (!isMeant(pending)) continue
      this.#pending.delete(id)
      pending.resolve(gone(pending.name))
    }
  }

  /** The sandbox goes last: what is undone needs its servers. */
  async #end(by: InterruptionSignal): Promise<EndedRun | null> {
    const engine = this.#engine
    const { runId } = this.#state
    // An engine that goes without a word leaves a run whose end is not known.
    let ended: EndedRun | null = runId === null ? null : { runId, outcome: null }
    if (engine) {
      const exited = new Promise<void>(resolve => engine.onExit(() => resolve()))
      engine.onMessage(given => {
        const message = given as FromEngine
        if (message.type !== 'ended') return
        ended = message.run
        engine.stop()
      })
      this.#send({ type: 'end', by })
      await exited
    }
    await this.#sandbox.close()
    this.#clients.clear()
    return ended
  }
}

function gone(during: string): Reply<unknown> {
  return { ok: false, failure: { kind: 'engine_gone', during } }
}
