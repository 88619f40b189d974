import type { TenantState } from '../../../../shared/run/run-state.ts'
import { Link } from '../../../route/link.tsx'
import { routeTo } from '../../../route/route.ts'
import { familyOf, statusOfStanding } from '../../../status/status.ts'
import { wordOfStanding } from '../../../status/words.ts'
import { countStandings } from '../../../tenants/tenant-rows.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import styles from '../run-screen.module.css'

interface TenantStripProps {
  readonly runId: string
  readonly tenants: readonly TenantState[]
}

/** Where the tenants stand, as one bar and in words; each number leads to those tenants. */
export function TenantStrip({ runId, tenants }: TenantStripProps) {
  const counts = countStandings(tenants)
  return (
    <>
      <div className={styles.strip} aria-hidden="true">
        {counts.map(({ standing, count }) => (
          <span
            key={standing}
            data-family={familyOf(statusOfStanding(standing))}
            data-standing={standing}
            style={{ flexGrow: count }}
          />
        ))}
      </div>
      <ul className={styles.counts}>
        {counts.map(({ standing, count }) => (
          <li key={standing}>
            <Link
              to={routeTo('runs', { id: runId, tab: 'tenants', query: { state: standing } })}
              className={styles.standing}
            >
              <StatusMark status={statusOfStanding(standing)} word={`${count} ${wordOfStanding(standing)}`} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
