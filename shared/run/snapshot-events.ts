import { formatBytes, formatHeads } from '../text/plain-words.ts'
import { readVolatileNumber, readVolatileText, type Volatile } from '../text/volatile.ts'
import { changeTenant } from './change-tenant.ts'
import { countUp } from './count-up.ts'
import { aboutTenant, defineEvent } from './event-spec.ts'
import type { SnapshotState } from './run-state.ts'

export interface TakenSnapshot {
  readonly tenant: string
  readonly heads: readonly string[]
  readonly fingerprint: string
  /** The copy of the data, where one was taken; its place, size and checksum are in `volatile`. */
  readonly copy?: { readonly kind: 'template' | 'dump'; readonly verified: boolean }
  readonly volatile: Volatile<'lsn' | 'restorePoint' | 'location' | 'bytes' | 'checksum'>
}

/** What is kept of a tenant before it is touched. */
export const snapshotEvents = {
  'snapshot.taken': defineEvent<TakenSnapshot>({
    source: 'server',
    level: 'info',
    visibility: 'verbose',
    subject: aboutTenant,
    words: fact =>
      `tenant ${fact.tenant} is at ${formatHeads(fact.heads)}, fingerprint ${fact.fingerprint.slice(0, 12)}${describeCopy(fact)}`,
    fold: (state, event) =>
      countUp(
        changeTenant(state, event.tenant, tenant => ({
          ...tenant,
          fingerprintBefore: event.fingerprint,
          snapshot: readSnapshot(event),
        })),
        'snapshots',
      ),
  }),

  /** How far a copy is. */
  'snapshot.copying': defineEvent<{
    tenant: string
    kind: 'template' | 'dump'
    volatile: Volatile<'doneBytes' | 'totalBytes'>
  }>({
    source: 'server',
    level: 'info',
    visibility: 'few_tenants',
    timing: 'transient',
    subject: aboutTenant,
    words: ({ tenant, kind, volatile }) =>
      `tenant ${tenant} is being copied (${kind}): ${formatBytes(readVolatileNumber(volatile, 'doneBytes'))} of about ${formatBytes(readVolatileNumber(volatile, 'totalBytes'))}`,
    fold: state => state,
  }),

  /** Rows that others wrote are counted from here on; where they cannot be, `why` says why. */
  'writes.noted': defineEvent<{
    tenant: string
    known: boolean
    why: string
    volatile: Volatile<'baseline' | 'mark' | 'files' | 'positions'>
  }>({
    source: 'server',
    level: ({ known }) => (known ? 'info' : 'warning'),
    visibility: 'verbose',
    subject: aboutTenant,
    words: ({ tenant, known, why }) =>
      known
        ? `tenant ${tenant}: rows that others write are counted from here on`
        : `tenant ${tenant}: rows that others write cannot be counted: ${why}`,
    fold: state => state,
  }),
}

function describeCopy({ copy, volatile }: TakenSnapshot): string {
  if (copy === undefined) return ''
  const bytes = formatBytes(readVolatileNumber(volatile, 'bytes'))
  return `, copied by ${copy.kind} (${bytes}${copy.verified ? ', restored once to see that it can be' : ''})`
}

function readSnapshot({ copy, volatile }: TakenSnapshot): SnapshotState {
  return {
    kind: copy?.kind ?? 'fingerprint',
    verified: copy?.verified ?? false,
    bytes: readVolatileNumber(volatile, 'bytes'),
    lsn: readVolatileText(volatile, 'lsn'),
    restorePoint: readVolatileText(volatile, 'restorePoint'),
    location: readVolatileText(volatile, 'location'),
  }
}
