/** What the preload's world tells the page's world. */
export type ToPage =
  | { readonly kind: 'expose'; readonly key: string; readonly shape: Shape }
  | { readonly kind: 'callback'; readonly callback: number; readonly args: readonly unknown[] }
  /** The answer to a call: at once, or later when it was `pending`. */
  | { readonly kind: 'answer'; readonly call: number; readonly answer: Answer }

export type Answer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'pending' }
  /** A function that can be called once more, such as one that unsubscribes. */
  | { readonly kind: 'function' }

/** What an exposed object looks like from the page. */
export type Shape =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'function'; readonly path: string }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, Shape>> }

/** What the page's world asks of the preload's world. */
export type ToPreload =
  | {
      readonly kind: 'call'
      readonly call: number
      readonly path: string
      readonly args: readonly Argument[]
    }
  | { readonly kind: 'call_answer'; readonly call: number }

export type Argument =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'callback'; readonly callback: number }

/**
 * The page's half of `contextBridge`: builds what the preload exposes, as frozen objects whose functions ask the other world.
 * It runs as text in the page, so it uses nothing from outside itself.
 */
export function runInPageWorld(): void {
  type Settle = { resolve: (value: unknown) => void; reject: (error: Error) => void }
  const callbacks = new Map<number, (...args: readonly unknown[]) => unknown>()
  const waiting = new Map<number, Settle>()
  const answers = new Map<number, Answer>()
  let last = 0

  const ask = (message: ToPreload): void => {
    document.dispatchEvent(new CustomEvent('stand-in:to-preload', { detail: message }))
  }
  const wrap = (argument: unknown): Argument => {
    if (typeof argument !== 'function') return { kind: 'value', value: argument }
    last += 1
    callbacks.set(last, argument as (...args: readonly unknown[]) => unknown)
    return { kind: 'callback', callback: last }
  }
  const take = (call: number): unknown => {
    const answer = answers.get(call)
    answers.delete(call)
    if (answer === undefined) throw new Error('the preload script has gone')
    if (answer.kind === 'error') throw new Error(answer.message)
    if (answer.kind === 'value') return answer.value
    if (answer.kind === 'function') return () => ask({ kind: 'call_answer', call })
    return new Promise((resolve, reject) => {
      waiting.set(call, { resolve, reject })
    })
  }
  const build = (shape: Shape): unknown => {
    if (shape.kind === 'value') return shape.value
    if (shape.kind === 'object')
      return Object.freeze(
        Object.fromEntries(Object.entries(shape.members).map(([key, member]) => [key, build(member)])),
      )
    return (...args: readonly unknown[]) => {
      last += 1
      const call = last
      ask({ kind: 'call', call, path: shape.path, args: args.map(wrap) })
      return take(call)
    }
  }
  const answer = (call: number, given: Answer): void => {
    const settle = waiting.get(call)
    waiting.delete(call)
    if (settle === undefined) answers.set(call, given)
    else if (given.kind === 'value') settle.resolve(given.value)
    else
      settle.reject(new Error(given.kind === 'error' ? given.message : 'a function cannot be answered later'))
  }
  document.addEventListener('stand-in:to-page', event => {
    const message = (event as CustomEvent<ToPage>).detail
    if (message.kind === 'expose')
      Object.defineProperty(window, message.key, {
        value: build(message.shape),
        enumerable: true,
      })
    else if (message.kind === 'callback') callbacks.get(message.callback)?.(...message.args)
    else answer(message.call, message.answer)
  })
  // Every window is denied: the application is told, as `setWindowOpenHandler` would be.
  window.open = url => {
    ;(globalThis as { standInOpen?: (payload: string) => void }).standInOpen?.(String(url ?? ''))
    return null
  }
}
