import type { SnapshotState, TenantState } from '../../../../shared/run/run-state.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { formatBytes, formatHeads } from '../../../../shared/text/plain-words.ts'
import type { Column } from '../../../ui/data-table.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'

/** What was kept of each tenant before it was touched: the proof always, a copy of the data where one was taken, and where. */
export const snapshotColumns: readonly Column<TenantState>[] = [
  { id: 'tenant', title: 'Tenant', width: 'minmax(124px, 1fr)', cell: one => one.tenant },
  { id: 'heads', title: 'Revision', width: '80px', cell: one => formatHeads(one.from) },
  {
    id: 'kind',
    title: 'Kept',
    width: 'minmax(140px, 1fr)',
    cell: ({ snapshot }) => (snapshot === null ? '' : wordOfSnapshotKind(snapshot)),
  },
  {
    id: 'verified',
    title: 'Test restore',
    width: '136px',
    cell: ({ snapshot }) => <Verified snapshot={snapshot} />,
  },
  {
    id: 'bytes',
    title: 'Size',
    width: '80px',
    cell: ({ snapshot }) => (snapshot === null || snapshot.bytes === null ? '' : formatBytes(snapshot.bytes)),
  },
  {
    id: 'location',
    title: 'Where the copy lies',
    width: 'minmax(144px, 2fr)',
    cell: ({ snapshot }) => mono(snapshot?.location ?? null, 'no copy'),
  },
  {
    id: 'restorePoint',
    title: 'Restore point',
    width: 'minmax(104px, 1fr)',
    cell: ({ snapshot }) => mono(snapshot?.restorePoint ?? null, 'none'),
  },
  {
    id: 'lsn',
    title: 'WAL position',
    width: '104px',
    cell: ({ snapshot }) => mono(snapshot?.lsn ?? null, 'unknown'),
  },
  {
    id: 'fingerprint',
    title: 'Fingerprint',
    width: '120px',
    cell: one => (
      <span className="mono" title={one.fingerprintBefore ?? ''}>
        {one.fingerprintBefore?.slice(0, 12)}
      </span>
    ),
    full: one => <span className="mono">{one.fingerprintBefore}</span>,
  },
]

/** What a snapshot holds, as people say it. */
export function wordOfSnapshotKind({ kind }: Pick<SnapshotState, 'kind'>): string {
  switch (kind) {
    case 'fingerprint':
      return 'fingerprint only'
    case 'template':
      return 'copy of the database'
    case 'dump':
      return 'dump'
    default:
      return assertNever(kind)
  }
}

function Verified({ snapshot }: { readonly snapshot: SnapshotState | null }) {
  if (snapshot === null || snapshot.kind === 'fingerprint')
    return <span className="quiet">nothing to restore</span>
  return snapshot.verified ? (
    <StatusMark status="passed" word="restored once" />
  ) : (
    <StatusMark status="warned" word="not tried" />
  )
}

function mono(value: string | null, missing: string) {
  if (value === null) return <span className="quiet">{missing}</span>
  return (
    <span className="mono" title={value}>
      {value}
    </span>
  )
}
