/** A deadline that each answer moves: how long a server may be silent, however many tenants there are to ask. */
export interface IdleDeadline {
  /** Aborts once nothing was renewed for that long. */
  readonly signal: AbortSignal
  renew(): void
}

/** Lends a deadline of so many seconds, which each answer renews. */
export async function withIdleDeadline<T>(
  seconds: number,
  use: (idleDeadline: IdleDeadline) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const lose = (): void => controller.abort(new DOMException('no answer for too long', 'TimeoutError'))
  let timer = setTimeout(lose, seconds * 1_000)
  try {
    return await use({
      signal: controller.signal,
      renew() {
        clearTimeout(timer)
        timer = setTimeout(lose, seconds * 1_000)
      },
    })
  } finally {
    clearTimeout(timer)
  }
}
