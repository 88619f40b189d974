import { useMemo } from 'react'
import type { LagSeries, TopologyView } from '../../../../shared/api/topology-view.ts'
import { useSavedQuery } from '../../../hooks/use-saved-query.ts'
import { useDashboard } from '../../../store/dashboard-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { listTenants } from '../model/tenant-groups.ts'
import { listAllNodes } from '../model/topology-map.ts'
import { ServerTable } from './server-table.tsx'
import { ServiceTable } from './service-table.tsx'
import { TenantTable } from './tenant-table.tsx'
import styles from './topology-tables.module.css'

const keptKeys = { keys: ['part', 'state', 'group', 'sort'], naming: ['tenant', 'at', 'q'] }

interface TopologyTablesProps {
  readonly view: TopologyView
  readonly lag: readonly LagSeries[]
  readonly selected: string | null
  readonly onSelect: (id: string) => void
}

/** Servers, services and tenants as tables: everything that the drawing shows, and what it folds. */
export function TopologyTables({ view, lag, selected, onSelect }: TopologyTablesProps) {
  const route = useDashboard(state => state.route)
  const [query, set] = useSavedQuery(route, 'topology-tables', keptKeys)
  const { servers, services, senders, users } = useMemo(() => listAllNodes(view), [view])
  const tenants = useMemo(() => listTenants(view), [view])
  const part = query.part ?? (hasTenantFilter(query) ? 'tenants' : 'all')
  const parts = [
    ['all', 'Everything', null],
    ['servers', 'Servers', servers.length],
    ...(services.length > 0 ? [['services', 'Services', services.length] as const] : []),
    ['tenants', 'Tenants', tenants.length],
  ] as const
  const isShown = (name: string): boolean => part === 'all' || part === name
  return (
    <div className={styles.tables}>
      <fieldset className={styles.chips}>
        <legend className="visually-hidden">Which tables are shown</legend>
        {parts.map(([id, title, count]) => (
          <Button key={id} isPressed={part === id} onPress={() => set({ part: id })}>
            {title}
            {count !== null && ` ${count.toLocaleString('en')}`}
          </Button>
        ))}
      </fieldset>
      {isShown('servers') && (
        <section className={styles.section} aria-label="Servers">
          <h3>Servers</h3>
          <ServerTable
            servers={servers}
            lag={lag}
            senders={senders}
            users={users}
            current={selected}
            onOpen={onSelect}
          />
        </section>
      )}
      {services.length > 0 && isShown('services') && (
        <section className={styles.section} aria-label="Services">
          <h3>Compose services</h3>
          <ServiceTable services={services} current={selected} onOpen={onSelect} />
        </section>
      )}
      {isShown('tenants') && (
        <section className={styles.section} aria-label="Tenants">
          <h3>Tenants</h3>
          <TenantTable tenants={tenants} query={query} onChange={changes => set({ part, ...changes })} />
        </section>
      )}
    </div>
  )
}

/** An address that narrows tenants is about tenants. */
function hasTenantFilter(query: Readonly<Record<string, string>>): boolean {
  return ['tenant', 'group', 'state', 'at', 'q'].some(key => query[key] !== undefined)
}
