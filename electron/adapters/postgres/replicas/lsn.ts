/** A WAL position as a number, so that positions can be compared and subtracted. */
export function parseLsn(lsn: string): bigint {
  const [high, low] = lsn.split('/')
  if (high === undefined || low === undefined) throw new Error(`not a WAL position: ${lsn}`)
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)
}

/** Bytes that are missing between a position and the one to be reached; 0 when it was passed. */
export function countMissingBytes(target: string, reached: string): number {
  const missing = parseLsn(target) - parseLsn(reached)
  return missing > 0n ? Number(missing) : 0
}
