/** Those who want to hear of one kind of thing. */
export interface Listeners<Value> {
  /** Gives back how to stop. */
  add(listener: (value: Value) => void): () => void
  tell(value: Value): void
}

/** Keeps listeners; one that leaves while it is told something is no harm to the others. */
export function createListeners<Value>(): Listeners<Value> {
  const entries = new Set<{ readonly listener: (value: Value) => void }>()
  return {
    add(listener) {
      const entry = { listener }
      entries.add(entry)
      return () => void entries.delete(entry)
    },
    tell(value) {
      for (const { listener } of [...entries]) listener(value)
    },
  }
}
