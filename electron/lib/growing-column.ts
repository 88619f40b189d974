/** Numbers of 32 bits that only become more: one for each line of a log, without a copy for each new one. */
export interface GrowingColumn {
  readonly length: number
  push(value: number): void
  /** 0 beyond the end. */
  at(index: number): number
  /** Forgets everything from an index on. */
  cut(length: number): void
  slice(from: number, to: number): readonly number[]
}

/** An empty column. */
export function createGrowingColumn(): GrowingColumn {
  let values = new Uint32Array(1_024)
  let length = 0
  return {
    get length() {
      return length
    },
    push(value) {
      if (length === values.length) {
        const larger = new Uint32Array(length * 2)
        larger.set(values)
        values = larger
      }
      values[length] = value
      length += 1
    },
    at: index => (index < length ? (values[index] ?? 0) : 0),
    cut(shorter) {
      length = Math.min(length, shorter)
    },
    slice: (from, to) => [...values.subarray(from, Math.min(to, length))],
  }
}
