import { useMemo } from 'react'
import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { Time } from '../ui/time.tsx'
import { formatLag, statusOfLagState, wordOfLagState } from './describe-lag.ts'

const columns: readonly Column<LagSample>[] = [
  { id: 'at', title: 'Time', width: 'minmax(180px, 1fr)', cell: sample => <Time at={sample.at} hasDate /> },
  { id: 'bytes', title: 'Bytes', width: 'minmax(90px, 1fr)', cell: sample => formatLag(sample, 'bytes') },
  {
    id: 'seconds',
    title: 'Seconds',
    width: 'minmax(90px, 1fr)',
    cell: sample => formatLag(sample, 'seconds'),
  },
  {
    id: 'state',
    title: 'State',
    width: 'minmax(150px, 1fr)',
    cell: sample => (
      <StatusMark status={statusOfLagState(sample.state)} word={wordOfLagState(sample.state)} />
    ),
  },
]

/** Every sample of one standby, newest first. */
export function LagTable({ series }: { readonly series: LagSeries }) {
  const rows = useMemo(() => series.samples.toReversed(), [series])
  return (
    <DataTable
      label={`Samples of ${series.server}`}
      columns={columns}
      rows={rows}
      keyOf={sample => sample.at}
      maxHeight={240}
    />
  )
}
