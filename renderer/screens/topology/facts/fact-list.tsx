import type { ReactNode } from 'react'
import styles from './side-panel.module.css'

/** A name and what is known under it; null says that it is unknown. */
export type FactRow = readonly [name: string, value: ReactNode]

/** Facts below one another. */
export function FactList({ rows }: { readonly rows: readonly FactRow[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>{value ?? <span className="quiet">unknown</span>}</dd>
        </div>
      ))}
    </dl>
  )
}
