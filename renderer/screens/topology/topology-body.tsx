import { useMemo } from 'react'
import type { LagSeries, TopologyView } from '../../../shared/api/topology-view.ts'
import { Link } from '../../route/link.tsx'
import { routeTo, withQuery } from '../../route/route.ts'
import { useDashboard } from '../../store/dashboard-context.tsx'
import { navigate } from '../../store/navigate.ts'
import { EmptyNotice } from '../../ui/empty-notice.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { SidePanel } from './facts/side-panel.tsx'
import { TopologyGraph } from './map/topology-graph.tsx'
import { findSelected } from './model/find-selected.ts'
import { groupTenants, listTenants } from './model/tenant-groups.ts'
import { listAllNodes, mapTopology, mostNodes } from './model/topology-map.ts'
import type { TopologyNode } from './model/topology-node.ts'
import { TopologyTables } from './tables/topology-tables.tsx'
import styles from './topology-screen.module.css'

interface TopologyBodyProps {
  readonly view: TopologyView
  readonly lag: readonly LagSeries[]
  readonly isTable: boolean
}

/** The drawing or the tables, and beside it what was found or is selected. */
export function TopologyBody({ view, lag, isTable }: TopologyBodyProps) {
  const route = useDashboard(state => state.route)
  const { query } = route
  const map = useMemo(() => mapTopology(view, query.open ?? null), [view, query.open])
  const selected = findSelected(view, map, query)
  const select = (id: string | null): void =>
    navigate(
      withQuery(route, { node: id === selected?.id ? null : id, server: null, tenant: null }),
      'replace',
    )
  const onSelect = (node: TopologyNode): void => {
    if (node.kind === 'fold') navigate(withQuery(route, { view: 'table', part: node.fold.of }))
    else select(node.id)
  }
  const { servers, services } = listAllNodes(view)
  if (servers.length === 0 && services.length === 0) {
    return view.failure ? (
      <FailureNotice
        failure={view.failure}
        effect="Nothing is known of the servers, so nothing can be planned."
      />
    ) : (
      <EmptyNotice title="No server is known.">
        <p className="quiet">
          Servers come from lockstep.yml, or from PostgreSQL services of the Compose files.
        </p>
      </EmptyNotice>
    )
  }
  return (
    <div className={styles.body}>
      {view.failure && (
        <FailureNotice
          failure={view.failure}
          effect="Below is what is known all the same. Nothing is migrated while servers cannot be asked."
        />
      )}
      <div className={styles.split}>
        <div className={styles.main}>
          {isTable ? (
            <TopologyTables view={view} lag={lag} selected={selected?.id ?? null} onSelect={select} />
          ) : (
            <>
              <TopologyGraph map={map} lag={lag} selected={selected?.id ?? null} onSelect={onSelect} />
              <GraphNotes view={view} folded={map.folded} isOpen={query.open !== undefined} />
            </>
          )}
        </div>
        <SidePanel
          node={selected}
          findings={view.found?.findings ?? []}
          lag={lag}
          room={mostNodes - map.nodes.length}
          onClose={() => navigate(withQuery(route, { node: null, server: null, tenant: null }), 'replace')}
        />
      </div>
    </div>
  )
}

interface GraphNotesProps {
  readonly view: TopologyView
  readonly folded: readonly string[]
  readonly isOpen: boolean
}

/** What the drawing does not show, said below it. */
function GraphNotes({ view, folded, isOpen }: GraphNotesProps) {
  const route = useDashboard(state => state.route)
  const hasStandby = listAllNodes(view).servers.some(
    ({ server }) => server.declaredRole === 'standby' || server.role === 'standby',
  )
  const hasTenants = groupTenants(listTenants(view)).length > 0
  return (
    <p className={styles.notes}>
      {folded.length > 0 && <span>{folded.join(', ')}. </span>}
      {!hasStandby && <span>No standby: nothing has to follow after a migration. </span>}
      {!hasTenants && <span>No tenant was found. </span>}
      {isOpen && <Link to={withQuery(route, { open: null })}>Fold the tenants again</Link>}{' '}
      <Link to={routeTo('topology', { query: { view: 'table' } })}>Show all as tables</Link>
    </p>
  )
}
