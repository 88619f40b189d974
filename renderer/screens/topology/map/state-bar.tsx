import { describeCounts, type TenantGroup, type TenantProgress } from '../model/tenant-groups.ts'
import styles from './state-bar.module.css'

const order: readonly TenantProgress[] = ['at_target', 'behind', 'unknown']

/** How many tenants are where, as lengths with different fillings, and the numbers beside them. */
export function StateBar({ counts }: { readonly counts: TenantGroup['counts'] }) {
  return (
    <span className={styles.whole}>
      <span className={styles.bar} aria-hidden="true">
        {order
          .filter(progress => counts[progress] > 0)
          .map(progress => (
            <span
              key={progress}
              className={styles.part}
              data-progress={progress}
              style={{ flexGrow: counts[progress] }}
            />
          ))}
      </span>
      <span className={styles.words}>{describeCounts(counts)}</span>
    </span>
  )
}
