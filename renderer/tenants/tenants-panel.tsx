import { useMemo, useRef, useState } from 'react'
import type { RollbackProof, TenantState } from '../../shared/run/run-state.ts'
import { useCommand } from '../commands/use-command.tsx'
import { usePreferences } from '../hooks/use-preferences.ts'
import { useSavedQuery } from '../hooks/use-saved-query.ts'
import type { ScreenRoute } from '../route/route.ts'
import { wordOfStatus } from '../status/words.ts'
import { useNow } from '../store/use-now.ts'
import { Button } from '../ui/button.tsx'
import { DataTable, type Sort } from '../ui/data-table.tsx'
import { EmptyNotice } from '../ui/empty-notice.tsx'
import { formatSort, readSort } from '../ui/sort-query.ts'
import { ColumnChooser } from './column-chooser.tsx'
import { GroupSelect } from './group-select.tsx'
import { listGroups } from './list-groups.ts'
import { tenantColumns } from './tenant-columns.tsx'
import { TenantMatrix } from './tenant-matrix.tsx'
import {
  arrangeTenants,
  countStatuses,
  findFailing,
  type RunTenantFilter,
  readTenantFilter,
} from './tenant-rows.ts'
import styles from './tenants-panel.module.css'

const keptKeys = { keys: ['state', 'group', 'sort'], naming: ['name'] }

interface TenantsPanelProps {
  readonly route: ScreenRoute
  readonly tenants: readonly TenantState[]
  readonly proofs: readonly RollbackProof[]
  /** Shows what the log says about a tenant. */
  readonly onOpen: (tenant: TenantState) => void
}

/** The tenants of a run, all at once as cells, and one by one in a table; what needs a person comes first. */
export function TenantsPanel({ route, tenants, proofs, onOpen }: TenantsPanelProps) {
  const [preferences, write] = usePreferences()
  const [current, setCurrent] = useState(0)
  const [query, change] = useSavedQuery(route, 'run-tenants', keptKeys)
  const filter = readTenantFilter(query)
  const sort = readSort(query.sort)
  const counts = useMemo(() => countStatuses(tenants), [tenants])
  const groups = useMemo(() => listGroups(tenants), [tenants])
  const columns = useMemo(() => tenantColumns(new Map(proofs.map(proof => [proof.tenant, proof]))), [proofs])
  const shownColumns = columns.filter(
    (column, index) => index === 0 || !preferences.hiddenColumns.includes(column.id),
  )
  const { status, group, text } = filter
  const rows = useSteadyRows(tenants, filter, sort)
  const set = (changes: Readonly<Record<string, string | null>>): void => {
    setCurrent(0)
    change(changes)
  }
  const goToFailing = (direction: 'next' | 'previous'): void => {
    const index = findFailing(rows, current, direction)
    if (index !== null) setCurrent(index)
  }
  const hasFailed = counts.some(one => one.status === 'failed' || one.status === 'unsettled')
  useCommand('run.next_failure', hasFailed ? () => goToFailing('next') : null)
  useCommand('run.previous_failure', hasFailed ? () => goToFailing('previous') : null)
  if (tenants.length === 0) {
    return (
      <EmptyNotice title="No tenant is known yet.">
        <p className="quiet">They are listed as soon as the run has found them.</p>
      </EmptyNotice>
    )
  }
  return (
    <section className={styles.panel} aria-label="Tenants">
      <div className={styles.bar}>
        <fieldset className={styles.chips} aria-label="Show tenants by state">
          <Button kind="quiet" isPressed={status === null} onPress={() => set({ state: null })}>
            all {tenants.length}
          </Button>
          {status !== null && !counts.some(one => one.status === status) && (
            <Button kind="quiet" isPressed onPress={() => set({ state: null })}>
              {wordOfStatus(status)} 0
            </Button>
          )}
          {counts.map(one => (
            <Button
              key={one.status}
              kind="quiet"
              isPressed={status === one.status}
              onPress={() => set({ state: status === one.status ? null : one.status })}
            >
              {wordOfStatus(one.status)} {one.count}
            </Button>
          ))}
        </fieldset>
        <GroupSelect groups={groups} current={group} onChange={one => set({ group: one })} />
        <label>
          Name{' '}
          <input
            type="search"
            value={text}
            placeholder="part of a name, database or cluster"
            onChange={event => set({ name: event.target.value || null })}
          />
        </label>
        <span className={styles.end}>
          {sort !== null && <Button onPress={() => set({ sort: null })}>Attention first</Button>}
          <ColumnChooser
            columns={columns.slice(1)}
            hidden={preferences.hiddenColumns}
            onChange={hiddenColumns => write({ hiddenColumns })}
          />
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyNotice
          title="No tenant passes this filter."
          action={
            <Button onPress={() => set({ state: null, group: null, name: null })}>Clear filters</Button>
          }
        />
      ) : (
        <>
          <TenantMatrix tenants={rows} current={current} onMove={setCurrent} onOpen={onOpen} />
          <p className={styles.named}>
            <strong>{rows[Math.min(current, rows.length - 1)]?.tenant}</strong>{' '}
            {wordOfStatus(rows[Math.min(current, rows.length - 1)]?.status ?? 'waiting')}
            <span className="quiet"> - arrows move, letters find a name, Enter opens its log</span>
          </p>
          <DataTable
            label="Tenants"
            columns={shownColumns}
            rows={rows}
            keyOf={({ tenant }) => tenant}
            onOpen={onOpen}
            sort={sort}
            onSort={next => set({ sort: formatSort(next) })}
            maxHeight={440}
          />
        </>
      )}
    </section>
  )
}

/**
 * The rows in their order. While a run goes on, states change at once and places once a second: a person who wants to press a cell
 * that moves sixty times a second cannot, and drawing all of them again costs the frames.
 */
function useSteadyRows(
  tenants: readonly TenantState[],
  { status, group, text }: RunTenantFilter,
  sort: Sort | null,
): readonly TenantState[] {
  const second = useNow()
  const latest = useRef({ tenants, sort })
  latest.current = { tenants, sort }
  const sortKey = sort === null ? '' : formatSort(sort)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order is made again with each second, number of tenants, filter and sort.
  const order = useMemo(() => {
    const now = latest.current
    const places = new Map(now.tenants.map((tenant, place) => [tenant, place]))
    const arranged = arrangeTenants(now.tenants, { status, group, text }, now.sort)
    return arranged.flatMap(tenant => places.get(tenant) ?? [])
  }, [second, tenants.length, status, group, text, sortKey])
  return useMemo(() => order.flatMap(place => tenants[place] ?? []), [order, tenants])
}
