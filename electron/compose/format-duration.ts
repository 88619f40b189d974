/** Nanoseconds, exactly: a day in them does not fit a number with fractions. */
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
}

/** A duration such as `90s` as Compose prints it (`1m30s`); null when it is none. */
export function formatDuration(written: string): string | null {
  const nanoseconds = parseDuration(written)
  if (nanoseconds === null) return null
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  return `${nanoseconds < 0n ? '-' : ''}${print(size)}`
}

function parseDuration(written: string): bigint | null {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(written) ?? []
  if (body === '0') return 0n
  if (!/^(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h|d|w))+$/.test(body)) return null
  let total = 0n
  for (const [, whole = '', fraction = '', unit = ''] of body.matchAll(
    /([0-9]*)(?:\.([0-9]*))?([a-zµμ]+)/g,
  )) {
    const size = units[unit] ?? 0n
    total += BigInt(whole || '0') * size
    if (fraction !== '') total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length)
  }
  return sign === '-' ? -total : total
}

function print(size: bigint): string {
  if (size === 0n) return '0s'
  if (size < 1000n) return `${size}ns`
  if (size < 1_000_000n) return `${decimal(size, 1000n)}µs`
  if (size < 1_000_000_000n) return `${decimal(size, 1_000_000n)}ms`
  const minutes = size / 60_000_000_000n
  const seconds = `${decimal(size % 60_000_000_000n, 1_000_000_000n)}s`
  if (minutes === 0n) return seconds
  const hours = minutes / 60n
  return hours === 0n ? `${minutes}m${seconds}` : `${hours}h${minutes % 60n}m${seconds}`
}

function decimal(size: bigint, unit: bigint): string {
  const rest = size % unit
  if (rest === 0n) return String(size / unit)
  const digits = String(rest)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '')
  return `${size / unit}.${digits}`
}
