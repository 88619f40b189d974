import { useSyncExternalStore } from 'react'
import type { TopologyView } from '../../../shared/api/topology-view.ts'
import { useCommand } from '../../commands/use-command.tsx'
import { RevisionGraph } from '../../graph/revision-graph.tsx'
import { useTitle } from '../../hooks/use-title.ts'
import { LagPanel } from '../../lag/lag-panel.tsx'
import { useLagSeries } from '../../lag/use-lag-series.ts'
import { routeTo, type ScreenRoute, withQuery } from '../../route/route.ts'
import { navigate } from '../../store/navigate.ts'
import { useRequest } from '../../store/use-request.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyNotice } from '../../ui/empty-notice.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { describeTopology } from './model/describe-topology.ts'
import { TopologyBody } from './topology-body.tsx'
import styles from './topology-screen.module.css'

/** Servers, services and tenants as declared and as observed, how far standbys are behind, and the revisions. */
export function TopologyScreen({ route }: { readonly route: ScreenRoute }) {
  const topology = useRequest(
    'topology.read',
    {},
    {
      when: event => event.type === 'topology.changed' || event.type === 'session.changed',
    },
  )
  const lag = useLagSeries()
  const isNarrow = useNarrowWindow()
  const isRevisions = route.tab === 'revisions'
  // A drawing of four columns is no help in a narrow window.
  const isTable = route.query.view === 'table' || (route.query.view !== 'graph' && isNarrow)
  const toggle = (): void => navigate(withQuery(route, { view: isTable ? 'graph' : 'table' }))
  useCommand('view.toggle_graph', isRevisions ? null : toggle)
  useTitle(isRevisions ? 'Revisions' : 'Topology')
  const series = lag.value ?? []
  return (
    <div className={styles.screen}>
      <h1 tabIndex={-1}>{topology.value ? describeTopology(topology.value, series) : 'Topology'}</h1>
      {topology.value && <Observation view={topology.value} />}
      <Tabs
        label="Views of the topology"
        panelId="topology-panel"
        current={isRevisions ? 'revisions' : 'servers'}
        tabs={[
          { id: 'servers', label: 'Servers and tenants' },
          { id: 'revisions', label: 'Revisions', count: topology.value?.graph?.revisions.length },
        ]}
        onSelect={id => navigate(routeTo('topology', id === 'revisions' ? { tab: 'revisions' } : {}))}
      />
      <div
        id="topology-panel"
        role="tabpanel"
        aria-labelledby={`topology-panel-${isRevisions ? 'revisions' : 'servers'}`}
        className={styles.panels}
      >
        {isRevisions ? (
          <Panel title="Revisions" isTitleHidden loadable={topology} waitingFor="the revisions" rows={10}>
            {view => <Revisions view={view} />}
          </Panel>
        ) : (
          <>
            <Panel
              title="Servers and tenants"
              loadable={topology}
              waitingFor="the servers"
              rows={12}
              effect="What is shown may not be so any more; a run asks again before it changes anything."
              actions={
                <>
                  <Button isPressed={!isTable} onPress={isTable ? toggle : () => undefined}>
                    Graph
                  </Button>
                  <Button isPressed={isTable} onPress={isTable ? () => undefined : toggle}>
                    Table
                  </Button>
                </>
              }
            >
              {view => <TopologyBody view={view} lag={series} isTable={isTable} />}
            </Panel>
            <Panel title="Replica lag" loadable={lag} waitingFor="the first samples" rows={6}>
              {samples => <LagPanel series={samples} limitLabel="limit of the gate" />}
            </Panel>
          </>
        )}
      </div>
    </div>
  )
}

function Observation({ view: { found } }: { readonly view: TopologyView }) {
  if (found === null)
    return <p className="quiet">Servers of the project file; no Compose file says more about them.</p>
  const files = found.files.join(', ')
  return (
    <p className={styles.observation}>
      {found.observation === 'declared_only' ? (
        <StatusMark status="warned" word="Declared, not observed: no Docker daemon was asked" />
      ) : (
        <StatusMark status="passed" word="Observed" />
      )}
      <span className="quiet">
        Project {found.project}, {files === '' ? 'no Compose file' : `from ${files}`}
      </span>
    </p>
  )
}

function Revisions({ view: { graph, graphFailure, positions } }: { readonly view: TopologyView }) {
  if (graph !== null) return <RevisionGraph graph={graph} positions={positions} />
  if (graphFailure !== null)
    return (
      <FailureNotice failure={graphFailure} effect="No plan can be made until the revisions can be read." />
    )
  return (
    <EmptyNotice title="No migrations were found.">
      <p className="quiet">Say where they are under `migrations` in lockstep.yml, then refresh.</p>
    </EmptyNotice>
  )
}

function useNarrowWindow(): boolean {
  return useSyncExternalStore(watchWidth, () => narrow.matches)
}

const narrow = matchMedia('(max-width: 720px)')

function watchWidth(listener: () => void): () => void {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}
