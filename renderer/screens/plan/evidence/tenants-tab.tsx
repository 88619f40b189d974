import { useDeferredValue, useMemo, useRef } from 'react'
import type { Plan } from '../../../../shared/plan/plan.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { useCommand } from '../../../commands/use-command.tsx'
import { type ChangeQuery, useSavedQuery } from '../../../hooks/use-saved-query.ts'
import { routeTo, type ScreenRoute } from '../../../route/route.ts'
import { navigate } from '../../../store/navigate.ts'
import { GroupSelect } from '../../../tenants/group-select.tsx'
import { listGroups } from '../../../tenants/list-groups.ts'
import { Button } from '../../../ui/button.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { formatSort, readSort } from '../../../ui/sort-query.ts'
import styles from '../evidence.module.css'
import { ClassList } from './class-list.tsx'
import {
  classTenants,
  describeClasses,
  listTenantRows,
  matchesTenantFilter,
  type PlanTenantFilter,
  sortTenantRows,
  type TenantRow,
} from './tenant-rows.ts'

/** A class has another number in another plan. */
const keptKeys = { keys: ['show', 'group', 'sort'], naming: ['q', 'class'] }

interface TenantsTabProps {
  readonly route: ScreenRoute
  readonly plan: Plan
}

/** Every tenant of the plan; those that are alike count as one class, and those that differ come first. */
export function TenantsTab({ route, plan }: TenantsTabProps) {
  const classes = useMemo(() => classTenants(plan), [plan])
  const all = useMemo(() => listTenantRows(plan, classes), [plan, classes])
  const here = useMemo(() => ({ ...route, tab: 'tenants' }), [route])
  const [query, set] = useSavedQuery(here, 'plan-tenants', keptKeys)
  const filter = readFilter(query)
  const text = useDeferredValue(filter.text)
  const sort = readSort(query.sort)
  const { group, class: number, shows } = filter
  const column = sort?.column
  const direction = sort?.direction
  const rows = useMemo(() => {
    const order = column === undefined || direction === undefined ? null : { column, direction }
    return sortTenantRows(
      all.filter(row => matchesTenantFilter(row, { text, group, class: number, shows })),
      classes,
      order,
    )
  }, [all, classes, text, group, number, shows, column, direction])
  const field = useRef<HTMLInputElement>(null)
  useCommand('list.filter', () => field.current?.focus())
  const clear = { q: null, show: null, group: null, class: null }
  return (
    <>
      <h2>{describeClasses(classes)}</h2>
      <ClassList
        classes={classes}
        current={number}
        onSelect={one => set({ class: one === null ? null : String(one) })}
      />
      <div className={styles.filters}>
        <input
          ref={field}
          type="search"
          aria-label="Filter tenants by name, database or cluster"
          placeholder="Filter tenants ( / )"
          value={filter.text}
          onChange={event => set({ q: event.target.value })}
        />
        <FilterChips all={all} filter={filter} onSet={set} />
        <p className="quiet" role="status">
          {rows.length === all.length
            ? countOf(all.length, 'tenant')
            : `${rows.length} of ${countOf(all.length, 'tenant')}`}
        </p>
      </div>
      {rows.length === 0 ? (
        <EmptyNotice
          title="No tenant passes this filter."
          action={<Button onPress={() => set(clear)}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Tenants of this plan"
          columns={columns}
          rows={rows}
          keyOf={row => row.tenant}
          sort={sort}
          onSort={next => set({ sort: formatSort(next) })}
          onOpen={row => navigate(routeTo('topology', { query: { view: 'table', tenant: row.tenant } }))}
        />
      )}
    </>
  )
}

interface FilterChipsProps {
  readonly all: readonly TenantRow[]
  readonly filter: PlanTenantFilter
  readonly onSet: ChangeQuery
}

function FilterChips({ all, filter, onSet }: FilterChipsProps) {
  const shows = [
    ['all', 'All', all.length],
    ['differ', 'Differ', all.filter(row => row.isOutlier).length],
    ['moves', 'To migrate', all.filter(row => row.steps > 0).length],
    ['at_target', 'At the target', all.filter(row => row.steps === 0).length],
  ] as const
  const groups = listGroups(all)
  return (
    <>
      <fieldset className={styles.chips}>
        <legend className="visually-hidden">Show</legend>
        {shows.map(([id, label, count]) => (
          <Button
            key={id}
            isPressed={filter.shows === id}
            onPress={() => onSet({ show: id === 'all' ? null : id })}
          >
            {`${label} ${count}`}
          </Button>
        ))}
      </fieldset>
      {(groups.length > 1 || filter.group !== null) && (
        <GroupSelect groups={groups} current={filter.group} onChange={group => onSet({ group })} />
      )}
    </>
  )
}

const unsorted: readonly Column<TenantRow>[] = [
  { id: 'tenant', title: 'Tenant', width: 'minmax(140px, 2fr)', cell: row => titled(row.tenant) },
  {
    id: 'class',
    title: 'Class',
    width: '110px',
    cell: row => (row.isOutlier ? `${row.class}, differs` : String(row.class)),
  },
  { id: 'group', title: 'Group', width: 'minmax(90px, 1fr)', cell: row => titled(row.group) },
  { id: 'wave', title: 'Wave', width: '70px', cell: row => row.wave },
  { id: 'cluster', title: 'Cluster', width: 'minmax(90px, 1fr)', cell: row => titled(row.cluster) },
  { id: 'database', title: 'Database', width: 'minmax(120px, 2fr)', cell: row => titled(row.database) },
  {
    id: 'from',
    title: 'From and to',
    width: 'minmax(130px, 1.5fr)',
    cell: row => (row.steps === 0 ? `${row.from}, at the target` : titled(`${row.from} → ${row.to}`)),
  },
  { id: 'steps', title: 'Steps', width: '80px', cell: row => row.steps },
]

const columns = unsorted.map(column => ({ ...column, isSortable: true }))

function titled(text: string) {
  return <span title={text}>{text}</span>
}

function readFilter(query: ScreenRoute['query']): PlanTenantFilter {
  const number = Number(query.class)
  const shows = (['differ', 'moves', 'at_target'] as const).find(one => one === query.show)
  return {
    text: query.q ?? '',
    group: query.group ?? null,
    class: Number.isInteger(number) && number > 0 ? number : null,
    shows: shows ?? 'all',
  }
}
