/** For the compiler alone: no event holds it. */
declare const known: unique symbol

/**
 * What differs between two identical runs: clocks, durations, pids, LSNs, ports, paths of this machine.
 *
 * `Known` are the keys that readers understand; writers may add others, which are shown as they are.
 */
export type Volatile<Known extends string = string> = Readonly<
  Record<string, string | number | boolean | null>
> & { readonly [known]?: (key: Known) => void }

/** Reads a volatile number; null when it is missing or is not one. */
export function readVolatileNumber<Known extends string>(
  volatile: Volatile<Known>,
  key: NoInfer<Known>,
): number | null {
  const value = volatile[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Reads a volatile text; numbers are taken as text too, null when there is nothing. */
export function readVolatileText<Known extends string>(
  volatile: Volatile<Known>,
  key: NoInfer<Known>,
): string | null {
  const value = volatile[key]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : null
}
