/** The values that were used last; the one that was used longest ago gives way to a new one. */
export interface RecentValues<T> {
  get(key: string): T | undefined
  /** Looks without using it. */
  peek(key: string): T | undefined
  /** Gives the value back. */
  set(key: string, value: T): T
  clear(): void
}

/** Keeps a number of values. */
export function keepRecent<T>(most: number): RecentValues<T> {
  const values = new Map<string, T>()
  const set = (key: string, value: T): T => {
    values.delete(key)
    values.set(key, value)
    const [oldest] = values.keys()
    if (values.size > most && oldest !== undefined) values.delete(oldest)
    return value
  }
  return {
    get(key) {
      const value = values.get(key)
      return value === undefined ? undefined : set(key, value)
    },
    peek: key => values.get(key),
    set,
    clear: () => values.clear(),
  }
}
