import { useMemo } from 'react'
import type { MigrationGraph, Revision } from '../../shared/plan/migration-graph.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { orderNewestFirst } from './lane-layout.ts'
import { listMarks } from './list-marks.ts'
import type { TenantPlaces } from './place-tenants.ts'

interface RevisionTableProps {
  readonly graph: MigrationGraph
  readonly places: TenantPlaces
  readonly targets: readonly string[]
  readonly onOpen: (id: string) => void
}

/** Every revision, newest first: the same as the drawing, and all of it. */
export function RevisionTable({ graph, places, targets, onOpen }: RevisionTableProps) {
  const rows = useMemo(() => orderNewestFirst(graph.revisions), [graph])
  const columns: readonly Column<Revision>[] = [
    { id: 'id', title: 'Revision', width: 'minmax(130px, 1fr)', cell: row => <code>{row.id}</code> },
    { id: 'message', title: 'Message', width: 'minmax(160px, 3fr)', cell: row => row.message },
    {
      id: 'marks',
      title: 'Marks',
      width: 'minmax(100px, 1fr)',
      cell: row => listMarks(row, graph, targets).join(', '),
    },
    {
      id: 'parents',
      title: 'Builds on',
      width: 'minmax(130px, 1fr)',
      cell: row => <code>{[...row.parents, ...row.dependsOn.map(id => `(${id})`)].join(' + ') || '-'}</code>,
    },
    { id: 'file', title: 'File', width: 'minmax(160px, 2fr)', cell: row => <code>{row.file}</code> },
    {
      id: 'tenants',
      title: 'Tenants',
      width: 'minmax(80px, 0.5fr)',
      cell: row => places.atRevision.get(row.id)?.length ?? 0,
    },
  ]
  return (
    <DataTable
      label="Revisions, newest first"
      columns={columns}
      rows={rows}
      keyOf={row => row.id}
      onOpen={row => onOpen(row.id)}
      maxHeight={560}
    />
  )
}
