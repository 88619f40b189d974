import { type ComponentType, lazy } from 'react'
import { LockstepError } from '../../shared/failure/failure.ts'

/** The code of a part of the dashboard that is fetched when it is first shown. */
export interface LazyCode<Props> {
  /** Suspends until the code is there, and throws `part_missing` where it does not come: the same component until `retryMissingCode`. */
  current(): ComponentType<Props>
}

/** Milliseconds before each further try: a browser drops what it fetches whenever the machine's networks change, as when a container starts. */
const pauses = [250, 1_000, 2_000] as const

const forgetters = new Set<() => void>()

/** Takes how the code is imported; `name` begins the sentence that it did not come. */
export function createLazyCode<Props>(
  name: string,
  fetchCode: () => Promise<ComponentType<Props>>,
): LazyCode<Props> {
  const begin = (): ComponentType<Props> =>
    lazy(() =>
      tryPatiently(fetchCode).then(
        part => ({ default: part }),
        (error: unknown) => {
          forgetters.add(() => {
            current = begin()
          })
          const problem = error instanceof Error ? error.message : String(error)
          throw new LockstepError({ kind: 'part_missing', part: name, problem })
        },
      ),
    )
  let current = begin()
  return { current: () => current }
}

/** Lets parts that did not come be asked for again. A failure stays until then. */
export function retryMissingCode(): void {
  for (const forget of forgetters) forget()
  forgetters.clear()
}

async function tryPatiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pause of pauses)
    try {
      return await attempt()
    } catch {
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  return await attempt()
}
