import { useMemo } from 'react'
import type { TenantPosition } from '../../shared/api/topology-view.ts'
import type { MigrationGraph } from '../../shared/plan/migration-graph.ts'
import { countOf, listNames } from '../../shared/text/plain-words.ts'
import { withQuery } from '../route/route.ts'
import { useDashboard } from '../store/dashboard-context.tsx'
import { navigate } from '../store/navigate.ts'
import { Button } from '../ui/button.tsx'
import { EmptyNotice } from '../ui/empty-notice.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { chooseRevisions } from './choose-revisions.ts'
import { layoutLanes } from './lane-layout.ts'
import { placeTenants, type TenantPlaces } from './place-tenants.ts'
import { RevisionDetail } from './revision-detail.tsx'
import styles from './revision-graph.module.css'
import { RevisionRows } from './revision-rows.tsx'
import { RevisionTable } from './revision-table.tsx'

interface RevisionGraphProps {
  readonly graph: MigrationGraph
  readonly positions: readonly TenantPosition[]
  /** Where a plan goes; where tenants with nothing to do stand when not given. */
  readonly target?: readonly string[]
}

/** Revisions as a tree, newest first, with the number of tenants at each; the same as a table on demand. */
export function RevisionGraph({ graph, positions, target }: RevisionGraphProps) {
  const route = useDashboard(state => state.route)
  const set = (changes: Readonly<Record<string, string | null>>): void =>
    navigate(withQuery(route, changes), 'replace')
  const isTable = route.query.revisions === 'table'
  const places = useMemo(() => placeTenants(graph, positions), [graph, positions])
  const targets = useMemo(() => target ?? findTarget(positions), [target, positions])
  const chosen = useMemo(
    () => chooseRevisions(graph, [...targets, ...places.atRevision.keys()]),
    [graph, targets, places],
  )
  const layout = useMemo(() => layoutLanes(chosen), [chosen])
  const selected = graph.revisions.find(revision => revision.id === route.query.revision) ?? null
  if (graph.revisions.length === 0)
    return (
      <EmptyNotice title="There is no revision yet.">
        <p className="quiet">Looked in {graph.origin.folder}. Write the first one, then refresh.</p>
      </EmptyNotice>
    )
  const select = (id: string | null): void => set({ revision: id === selected?.id ? null : id })
  return (
    <div className={styles.whole}>
      <div className={styles.bar}>
        <p>{describeGraph(graph, positions, places)}</p>
        <Button kind="quiet" isPressed={isTable} onPress={() => set({ revisions: isTable ? null : 'table' })}>
          Revisions as a table
        </Button>
      </div>
      {places.elsewhere.length > 0 && (
        <p className={styles.warning}>
          <StatusMark status="warned" word={describeElsewhere(places.elsewhere)} />
        </p>
      )}
      {places.unread.length > 0 && (
        <p className={styles.warning}>
          <StatusMark
            status="errored"
            word={`${countOf(places.unread.length, 'tenant')} whose revision could not be read: ${listNames(places.unread)}`}
          />
        </p>
      )}
      <div className={selected ? styles.beside : undefined}>
        {isTable ? (
          <RevisionTable graph={graph} places={places} targets={targets} onOpen={select} />
        ) : (
          <RevisionRows
            layout={layout}
            bridges={chosen.bridges}
            graph={graph}
            places={places}
            targets={targets}
            selected={selected?.id ?? null}
            onSelect={select}
          />
        )}
        {selected && (
          <RevisionDetail
            revision={selected}
            tenants={places.atRevision.get(selected.id) ?? []}
            onClose={() => set({ revision: null })}
          />
        )}
      </div>
      {!isTable && chosen.folded > 0 && (
        <p className="quiet">
          {chosen.folded.toLocaleString('en')} {chosen.folded === 1 ? 'revision' : 'revisions'} not drawn: a
          dotted line passes over them, and the table has them all.
        </p>
      )}
    </div>
  )
}

/** Where tenants stand that have nothing to do: that is where all tenants go. */
function findTarget(positions: readonly TenantPosition[]): readonly string[] {
  return positions.find(position => position.behind === 0)?.heads ?? []
}

function describeGraph(
  { revisions, heads }: MigrationGraph,
  positions: readonly TenantPosition[],
  { atRevision, atBase, unread }: TenantPlaces,
): string {
  const stops = atRevision.size + (atBase.length > 0 ? 1 : 0)
  const known = positions.length - unread.length
  const where = known === 0 ? 'no tenant on it' : `${countOf(known, 'tenant')} at ${countOf(stops, 'place')}`
  return `${countOf(revisions.length, 'revision')}, ${countOf(heads.length, 'head')}, ${where}.`
}

function describeElsewhere(elsewhere: readonly TenantPosition[]): string {
  const names = listNames(elsewhere.map(position => position.tenant))
  return `${countOf(elsewhere.length, 'tenant')} at revisions that are not in this tree: ${names}`
}
