/** What differs between two identical runs: clocks, durations, pids, LSNs, ports, paths of this machine. */
export type Volatile = Readonly<Record<string, string | number | boolean | null>>

/**
 * The volatile fields that readers understand; writers may add others, which are shown as they are.
 *
 * | key                                  | on                                               |
 * | ------------------------------------ | ------------------------------------------------ |
 * | `durationMs`                         | everything that takes time                       |
 * | `windowMs`                           | `group.finished`: from the first yes to the end  |
 * | `gid`, `xid`                         | `tenant.voting`, `tenant.voted`                  |
 * | `rowCount`                           | `statement.executed`                             |
 * | `waitedMs`, `targetLsn`, `replayedLsn` | `standby.checked`                              |
 * | `lagBytes`, `lagSeconds`             | `standby.checked`, `lag.sampled`                 |
 * | `attempt`, `sqlstate`, `delayMs`     | `tenant.retried`                                 |
 * | `lsn`, `restorePoint`, `location`, `bytes`, `checksum` | `snapshot.taken`              |
 * | `doneBytes`, `totalBytes`            | `snapshot.copying`                               |
 * | `baseline`, `mark`, `files`, `positions` | `writes.noted`                               |
 * | `prepared`, `kept`                   | `tenant.restoring`: names of databases           |
 * | `keptAs`, `damage`                   | `log.repaired`                                   |
 * | `by`                                 | `approval.recorded`                              |
 */
export type VolatileKey =
  | 'durationMs'
  | 'windowMs'
  | 'gid'
  | 'xid'
  | 'rowCount'
  | 'waitedMs'
  | 'targetLsn'
  | 'replayedLsn'
  | 'lagBytes'
  | 'lagSeconds'
  | 'attempt'
  | 'sqlstate'
  | 'delayMs'
  | 'lsn'
  | 'restorePoint'
  | 'location'
  | 'bytes'
  | 'checksum'
  | 'doneBytes'
  | 'totalBytes'
  | 'baseline'
  | 'mark'
  | 'files'
  | 'positions'
  | 'prepared'
  | 'kept'
  | 'keptAs'
  | 'damage'
  | 'by'

/** Reads a volatile number; null when it is missing or is not one. */
export function readVolatileNumber(volatile: Volatile, key: VolatileKey): number | null {
  const value = volatile[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Reads a volatile text; numbers are taken as text too, null when there is nothing. */
export function readVolatileText(volatile: Volatile, key: VolatileKey): string | null {
  const value = volatile[key]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : null
}
