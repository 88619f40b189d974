import { useMemo, useRef } from 'react'
import type { TenantPosition } from '../../../../shared/api/topology-view.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { useCommand } from '../../../commands/use-command.tsx'
import type { ChangeQuery } from '../../../hooks/use-saved-query.ts'
import { GroupSelect } from '../../../tenants/group-select.tsx'
import { listGroups } from '../../../tenants/list-groups.ts'
import { Button } from '../../../ui/button.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { formatSort, readSort } from '../../../ui/sort-query.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { statusOfProgress } from '../model/describe-node.ts'
import { describeHeads, progressOf, wordOfProgress } from '../model/tenant-groups.ts'
import { filterTenants, readTenantFilter, sortPositions } from './tenant-filter.ts'
import styles from './topology-tables.module.css'

const columns: readonly Column<TenantPosition>[] = [
  { id: 'tenant', title: 'Tenant', width: 'minmax(150px, 2fr)', isSortable: true, cell: row => row.tenant },
  {
    id: 'state',
    title: 'State',
    width: 'minmax(150px, 1fr)',
    isSortable: true,
    cell: row => <StatusMark status={statusOfProgress(progressOf(row))} word={describeBehind(row)} />,
  },
  {
    id: 'revision',
    title: 'Revision',
    width: 'minmax(130px, 1fr)',
    isSortable: true,
    cell: row => <code>{describeHeads(row)}</code>,
  },
  { id: 'group', title: 'Group', width: 'minmax(110px, 1fr)', isSortable: true, cell: row => row.group },
  {
    id: 'database',
    title: 'Database',
    width: 'minmax(130px, 1fr)',
    isSortable: true,
    cell: row => <code>{row.database}</code>,
  },
  { id: 'cluster', title: 'Cluster', width: 'minmax(90px, 1fr)', isSortable: true, cell: row => row.cluster },
]

interface TenantTableProps {
  readonly tenants: readonly TenantPosition[]
  readonly query: Readonly<Record<string, string>>
  readonly onChange: ChangeQuery
}

/** Every tenant, with chips that narrow the list; all of it is in the address. */
export function TenantTable({ tenants, query, onChange: set }: TenantTableProps) {
  const search = useRef<HTMLInputElement>(null)
  useCommand('list.filter', () => search.current?.focus())
  const sort = readSort(query.sort)
  const rows = useMemo(
    () => sortPositions(filterTenants(tenants, readTenantFilter(query)), readSort(query.sort)),
    [tenants, query],
  )
  const groups = useMemo(() => listGroups(tenants), [tenants])
  const filter = readTenantFilter(query)
  const isFiltered =
    filter.group !== null || filter.state !== null || filter.at !== null || filter.text !== ''
  return (
    <>
      <div className={styles.filters}>
        <label className={styles.search}>
          <span className="visually-hidden">Filter tenants by name or database</span>
          <input
            ref={search}
            type="search"
            placeholder="Filter tenants"
            value={filter.text}
            onChange={event => set({ q: event.target.value })}
          />
        </label>
        <fieldset className={styles.chips}>
          <legend className="visually-hidden">State</legend>
          {(['unknown', 'behind', 'at_target'] as const).map(state => (
            <Button
              key={state}
              isPressed={filter.state === state}
              onPress={() => set({ state: filter.state === state ? null : state })}
            >
              {wordOfProgress(state)} {tenants.filter(one => progressOf(one) === state).length}
            </Button>
          ))}
        </fieldset>
        <GroupSelect groups={groups} current={filter.group} onChange={group => set({ group })} />
        {filter.at !== null && (
          <Button
            isPressed
            onPress={() => set({ at: null })}
            label={`Show tenants at every revision, not only at ${filter.at}`}
          >
            at {filter.at}
          </Button>
        )}
        <span className="quiet" role="status">
          {isFiltered
            ? `${rows.length} of ${countOf(tenants.length, 'tenant')}`
            : countOf(tenants.length, 'tenant')}
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyNotice
          title={tenants.length === 0 ? 'No tenants are known.' : 'No tenant fits these filters.'}
          action={
            isFiltered && (
              <Button onPress={() => set({ q: null, state: null, group: null, at: null })}>
                Clear filters
              </Button>
            )
          }
        />
      ) : (
        <DataTable
          label="Tenants"
          columns={columns}
          rows={rows}
          keyOf={keyOfTenant}
          sort={sort}
          onSort={next => set({ sort: formatSort(next) })}
          current={keyOfNamed(rows, query.tenant)}
          onOpen={row => set({ tenant: row.tenant === query.tenant ? null : row.tenant })}
          maxHeight={520}
        />
      )}
    </>
  )
}

function describeBehind(tenant: TenantPosition): string {
  const word = wordOfProgress(progressOf(tenant))
  return tenant.behind === null || tenant.behind === 0 ? word : `${word} by ${countOf(tenant.behind, 'step')}`
}

function keyOfTenant({ cluster, tenant }: TenantPosition): string {
  return `${cluster}/${tenant}`
}

function keyOfNamed(rows: readonly TenantPosition[], name: string | undefined): string | null {
  const row = name === undefined ? undefined : rows.find(one => one.tenant === name)
  return row ? keyOfTenant(row) : null
}
