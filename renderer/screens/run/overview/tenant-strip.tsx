import type { TenantState } from '../../../../shared/run/run-state.ts'
import { Link } from '../../../route/link.tsx'
import { routeTo } from '../../../route/route.ts'
import { familyOf, statusOfTenant } from '../../../status/status.ts'
import { wordOfStatus } from '../../../status/words.ts'
import { countStatuses } from '../../../tenants/tenant-rows.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import styles from '../run-screen.module.css'

interface TenantStripProps {
  readonly runId: string
  readonly tenants: readonly TenantState[]
}

/** Where the tenants stand, as one bar and in words; each number leads to those tenants. */
export function TenantStrip({ runId, tenants }: TenantStripProps) {
  const counts = countStatuses(tenants)
  return (
    <>
      <div className={styles.strip} aria-hidden="true">
        {counts.map(({ status, count }) => (
          <span
            key={status}
            data-family={familyOf(statusOfTenant(status))}
            data-status={status}
            style={{ flexGrow: count }}
          />
        ))}
      </div>
      <ul className={styles.counts}>
        {counts.map(({ status, count }) => (
          <li key={status}>
            <Link
              to={routeTo('runs', { id: runId, tab: 'tenants', query: { state: status } })}
              className={styles.status}
            >
              <StatusMark status={statusOfTenant(status)} word={`${count} ${wordOfStatus(status)}`} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
