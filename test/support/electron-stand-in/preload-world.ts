import type { Answer, Argument, Shape, ToPage, ToPreload } from './page-world.ts'

/** The name of the isolated world in which the preload script runs. */
export const preloadWorld = 'electron-preload'

/** What the preload's world tells the main process, over a binding of Chromium. */
export interface ToMain {
  readonly kind: 'invoke' | 'send'
  readonly id: number
  readonly channel: string
  readonly args: readonly unknown[]
}

/** What a handler answered. */
export type FromMain = { readonly value: unknown } | { readonly error: string }

/** How the main process reaches the preload's world. */
export interface PreloadDoor {
  reply(id: number, answer: FromMain): void
  emit(channel: string, args: readonly unknown[]): void
}

type PreloadScript = (
  require: (name: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
) => void

/**
 * The preload's half: `contextBridge` and `ipcRenderer`, and a `require` that knows nothing but `electron`, as under the sandbox.
 * It runs as text in an isolated world, so it uses nothing but its arguments.
 */
export function runInPreloadWorld(
  findNotJson: (value: unknown, path?: string) => string | null,
  script: PreloadScript,
): void {
  if (window !== window.top) return
  type Listener = (event: object, ...args: readonly unknown[]) => void
  const home = globalThis as unknown as { standInDoor: PreloadDoor; standInToMain: (payload: string) => void }
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const listeners = new Map<string, Listener[]>()
  const exposed = new Map<string, unknown>()
  const returned = new Map<number, () => unknown>()
  let last = 0

  const tellMain = (kind: ToMain['kind'], channel: string, args: readonly unknown[]): number => {
    const found = findNotJson(args, 'an argument')
    if (found !== null) throw new TypeError(`only JSON crosses to the main process: ${found}`)
    last += 1
    home.standInToMain(JSON.stringify({ kind, id: last, channel, args } satisfies ToMain))
    return last
  }
  home.standInDoor = {
    reply: (id, answer) => {
      const settle = waiting.get(id)
      waiting.delete(id)
      if ('error' in answer) settle?.reject(new Error(answer.error))
      else settle?.resolve(answer.value)
    },
    emit: (channel, args) => {
      for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, ...args)
    },
  }
  const ipcRenderer = {
    invoke: (channel: string, ...args: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        waiting.set(tellMain('invoke', channel, args), { resolve, reject })
      }),
    send: (channel: string, ...args: readonly unknown[]): void => {
      tellMain('send', channel, args)
    },
    on: (channel: string, listener: Listener): unknown => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return ipcRenderer
    },
    removeListener: (channel: string, listener: Listener): unknown => {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter(one => one !== listener),
      )
      return ipcRenderer
    },
  }

  const tellPage = (message: ToPage): void => {
    document.dispatchEvent(new CustomEvent('stand-in:to-page', { detail: message }))
  }
  const describeShape = (value: unknown, path: string): Shape => {
    if (typeof value === 'function') return { kind: 'function', path }
    if (value === null || typeof value !== 'object') return { kind: 'value', value }
    const members = Object.entries(value).map(([key, member]) => [
      key,
      describeShape(member, `${path}.${key}`),
    ])
    return { kind: 'object', members: Object.fromEntries(members) }
  }
  const unwrap = (argument: Argument): unknown =>
    argument.kind === 'value'
      ? argument.value
      : (...args: readonly unknown[]) => tellPage({ kind: 'callback', callback: argument.callback, args })
  const call = (id: number, path: string, args: readonly Argument[]): Answer => {
    const [key = '', ...names] = path.split('.')
    let found = exposed.get(key)
    for (const name of names) found = (found as Record<string, unknown>)[name]
    const result = (found as (...args: readonly unknown[]) => unknown)(...args.map(unwrap))
    if (typeof result === 'function') {
      returned.set(id, result as () => unknown)
      return { kind: 'function' }
    }
    if (!(result instanceof Promise)) return { kind: 'value', value: result }
    result.then(
      value => tellPage({ kind: 'answer', call: id, answer: { kind: 'value', value } }),
      error => tellPage({ kind: 'answer', call: id, answer: { kind: 'error', message: wordsOf(error) } }),
    )
    return { kind: 'pending' }
  }
  const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
  document.addEventListener('stand-in:to-preload', event => {
    const message = (event as CustomEvent<ToPreload>).detail
    if (message.kind === 'call_answer') {
      returned.get(message.call)?.()
      return
    }
    let answer: Answer
    try {
      answer = call(message.call, message.path, message.args)
    } catch (error) {
      answer = { kind: 'error', message: wordsOf(error) }
    }
    tellPage({ kind: 'answer', call: message.call, answer })
  })

  const contextBridge = {
    exposeInMainWorld: (key: string, value: unknown): void => {
      exposed.set(key, value)
      tellPage({ kind: 'expose', key, shape: describeShape(value, key) })
    },
  }
  const module = { exports: {} }
  script(
    name => {
      if (name === 'electron') return { contextBridge, ipcRenderer }
      throw new Error(`a sandboxed preload script cannot require ${name}`)
    },
    module,
    module.exports,
  )
}
