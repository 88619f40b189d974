import { Link } from '../../../route/link.tsx'
import { routeTo, withQuery } from '../../../route/route.ts'
import { useDashboard } from '../../../store/dashboard-context.tsx'
import { navigate } from '../../../store/navigate.ts'
import { Button } from '../../../ui/button.tsx'
import { describeCounts, describeHeads, type TenantGroup } from '../model/tenant-groups.ts'
import { FactList } from './fact-list.tsx'
import styles from './side-panel.module.css'

interface GroupFactsProps {
  readonly group: TenantGroup
  readonly room: number
}

/** One group: where its tenants stand, and the way to each of them. */
export function GroupFacts({ group, room }: GroupFactsProps) {
  const route = useDashboard(state => state.route)
  const { tenants, counts, cluster, wave, name } = group
  const places = countHeads(group)
  return (
    <>
      <FactList
        rows={[
          ['Tenants', tenants.length.toLocaleString('en')],
          ['State', describeCounts(counts)],
          ['Cluster', cluster],
          ['Wave', wave],
          ...places.map(([heads, count]) => [`At ${heads}`, count.toLocaleString('en')] as const),
        ]}
      />
      <div className={styles.action}>
        {tenants.length <= room && (
          <Button onPress={() => navigate(withQuery(route, { open: group.id, node: null }))}>
            Draw {tenants.length} {tenants.length === 1 ? 'tenant' : 'tenants'}
          </Button>
        )}
        <Link to={routeTo('topology', { query: { view: 'table', part: 'tenants', group: name } })}>
          {`Show ${tenants.length.toLocaleString('en')} as a table`}
        </Link>
      </div>
    </>
  )
}

/** How many tenants stand where, most first. */
export function countHeads({ tenants }: TenantGroup): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const tenant of tenants) {
    const place = describeHeads(tenant)
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return [...counts].toSorted(([, left], [, right]) => right - left).slice(0, 8)
}
