import { useState } from 'react'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import styles from '../run-screen.module.css'

interface EvidenceTableProps<T> {
  readonly title: string
  readonly rows: readonly T[]
  readonly missing: string
  readonly keyOf: (row: T) => string
  readonly columns: readonly Column<T>[]
}

/** One kind of evidence in a table; the row that is opened is told in full below it. */
export function EvidenceTable<T>({ title, rows, missing, keyOf, columns }: EvidenceTableProps<T>) {
  const [opened, setOpened] = useState<string | null>(null)
  const row = rows.find(one => keyOf(one) === opened)
  return (
    <section className={styles.part} aria-label={title}>
      <h2>
        {title} <span className="quiet">{rows.length}</span>
      </h2>
      {rows.length === 0 ? (
        <p className="quiet">{missing}</p>
      ) : (
        <DataTable
          label={title}
          rows={rows}
          keyOf={keyOf}
          columns={columns}
          current={opened}
          onOpen={one => setOpened(keyOf(one) === opened ? null : keyOf(one))}
          maxHeight={260}
          rowHeight={28}
        />
      )}
      {row !== undefined && (
        <section key={opened} aria-label={`${title}: the row that is open`}>
          <dl className={styles.whole}>
            {columns.map(({ id, title: name, cell, full = cell }) => (
              <div key={id}>
                <dt>{name}</dt>
                <dd>{full(row)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </section>
  )
}
