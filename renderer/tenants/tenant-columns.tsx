import { describeFailure } from '../../shared/failure/describe-failure.ts'
import type { RollbackProof, TenantState } from '../../shared/run/run-state.ts'
import { formatDuration, formatHeads } from '../../shared/text/plain-words.ts'
import { statusOfTenant } from '../status/status.ts'
import { wordOfStatus } from '../status/words.ts'
import type { Column } from '../ui/data-table.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { describeFingerprints, durationOf } from './tenant-rows.ts'

/** Every column of the table of tenants; the first cannot be hidden. */
export function tenantColumns(proofs: ReadonlyMap<string, RollbackProof>): readonly Column<TenantState>[] {
  return [
    {
      id: 'tenant',
      title: 'Tenant',
      width: 'minmax(150px, 1fr)',
      isSortable: true,
      cell: ({ tenant }) => <span title={tenant}>{tenant}</span>,
    },
    {
      id: 'state',
      title: 'State',
      width: '140px',
      isSortable: true,
      cell: ({ status }) => <StatusMark status={statusOfTenant(status)} word={wordOfStatus(status)} />,
    },
    { id: 'group', title: 'Group', width: '110px', isSortable: true, cell: ({ group }) => group ?? '' },
    {
      id: 'revisions',
      title: 'From → to',
      width: '140px',
      cell: ({ from, to }) => {
        const text = `${formatHeads(from)} → ${formatHeads(to)}`
        return (
          <span className="mono" title={text}>
            {text}
          </span>
        )
      },
    },
    {
      id: 'duration',
      title: 'Duration',
      width: '96px',
      isSortable: true,
      cell: tenant => formatTaken(durationOf(tenant)),
    },
    {
      id: 'statements',
      title: 'Statements',
      width: '104px',
      isSortable: true,
      cell: ({ statements }) => statements,
    },
    { id: 'attempts', title: 'Attempts', width: '96px', isSortable: true, cell: ({ attempts }) => attempts },
    {
      id: 'error',
      title: 'Last error',
      width: 'minmax(260px, 2fr)',
      cell: ({ failure }) => {
        if (failure === null) return ''
        const { what, why } = describeFailure(failure)
        return <span title={`${what} ${why}`}>{why || what}</span>
      },
    },
    {
      id: 'fingerprint',
      title: 'Fingerprint',
      width: '200px',
      cell: tenant => <span className="mono">{describeFingerprints(tenant, proofs.get(tenant.tenant))}</span>,
    },
  ]
}

function formatTaken(milliseconds: number | null): string {
  return milliseconds === null ? '' : formatDuration(milliseconds)
}
