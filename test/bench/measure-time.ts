/** Milliseconds that some work takes by the clock. */
export async function measureTime(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The middle one of several measures. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Milliseconds as seconds for reading. */
export function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

/** Lines of a table: what was measured, and what came out. */
export function printTable(lines: readonly (readonly [string, string])[]): void {
  const width = Math.max(...lines.map(([what]) => what.length))
  process.stdout.write(`\n${lines.map(([what, value]) => `${what.padEnd(width)}  ${value}`).join('\n')}\n\n`)
}
