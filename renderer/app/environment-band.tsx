import { useDashboard } from '../store/dashboard-context.tsx'
import styles from './environment-band.module.css'

/** Where one is, over the whole top edge: text, pattern and colour for production. */
export function EnvironmentBand() {
  const environment = useDashboard(state => state.session?.project?.environment ?? null)
  if (environment === null) return null
  return (
    <div className={styles.band} data-protection={environment.protection} title={environment.why}>
      <strong>{environment.name}</strong>
      <span>
        {environment.protection === 'production' ? 'production' : `${environment.protection} environment`}
      </span>
    </div>
  )
}
