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
  const { deadline, end } = startIdleDeadline(seconds)
  try {
    return await use(deadline)
  } finally {
    end()
  }
}

/** Lends such a deadline for each server, from when it is first asked for: one that is silent says nothing about another. */
export async function withIdleDeadlines<T>(
  seconds: number,
  use: (deadlineOf: (server: string) => IdleDeadline) => Promise<T>,
): Promise<T> {
  const deadlines = new Map<string, { readonly deadline: IdleDeadline; end(): void }>()
  try {
    return await use(server => {
      const known = deadlines.get(server) ?? startIdleDeadline(seconds)
      deadlines.set(server, known)
      return known.deadline
    })
  } finally {
    for (const { end } of deadlines.values()) end()
  }
}

function startIdleDeadline(seconds: number): { readonly deadline: IdleDeadline; end(): void } {
  const controller = new AbortController()
  const lose = (): void => controller.abort(new DOMException('no answer for too long', 'TimeoutError'))
  let timer = setTimeout(lose, seconds * 1_000)
  const end = (): void => clearTimeout(timer)
  const renew = (): void => {
    end()
    timer = setTimeout(lose, seconds * 1_000)
  }
  return { deadline: { signal: controller.signal, renew }, end }
}
