import styles from './tenants-panel.module.css'

interface ColumnChooserProps {
  readonly columns: readonly { readonly id: string; readonly title: string }[]
  readonly hidden: readonly string[]
  readonly onChange: (hidden: readonly string[]) => void
}

/** Which columns of a table are shown. */
export function ColumnChooser({ columns, hidden, onChange }: ColumnChooserProps) {
  return (
    <details className={styles.chooser}>
      <summary>Columns</summary>
      <ul className={styles.choices}>
        {columns.map(({ id, title }) => {
          const isHidden = hidden.includes(id)
          return (
            <li key={id}>
              <label>
                <input
                  type="checkbox"
                  checked={!isHidden}
                  onChange={() => onChange(isHidden ? hidden.filter(one => one !== id) : [...hidden, id])}
                />
                {title}
              </label>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
