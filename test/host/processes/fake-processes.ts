import type { StartedProcess, StartProcess } from '../../../electron/host/processes/start-process.ts'

/** A part whose process a test plays. */
export interface FakePart {
  readonly part: 'engine' | 'sandbox'
  readonly argument: unknown
  readonly received: unknown[]
  isStopped: boolean
  say(message: unknown): void
  exit(how: string): void
}

/** Starts nothing: a test says what each part says and when it ends. */
export function playParts(): {
  readonly start: StartProcess
  readonly parts: FakePart[]
  /** The newest engine. */
  engine(): FakePart
  sandboxes(): readonly FakePart[]
} {
  const parts: FakePart[] = []
  const start: StartProcess = (part, argument) => {
    const listeners: ((message: unknown) => void)[] = []
    const exits: ((how: string) => void)[] = []
    const fake: FakePart = {
      part,
      argument: JSON.parse(argument),
      received: [],
      isStopped: false,
      say: message => {
        for (const listener of listeners) listener(message)
      },
      exit: how => {
        for (const listener of exits) listener(how)
      },
    }
    parts.push(fake)
    const started: StartedProcess = {
      send: message => void fake.received.push(message),
      onMessage: listener => void listeners.push(listener),
      onExit: listener => void exits.push(listener),
      stop: () => {
        fake.isStopped = true
        fake.exit('stopped')
      },
    }
    return started
  }
  const engine = (): FakePart => {
    const found = parts.filter(one => one.part === 'engine').at(-1)
    if (!found) throw new Error('no engine was started')
    return found
  }
  return { start, parts, engine, sandboxes: () => parts.filter(one => one.part === 'sandbox') }
}
