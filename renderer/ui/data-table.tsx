import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useCommand } from '../commands/use-command.tsx'
import styles from './data-table.module.css'

/** One column; `width` is a track of a CSS grid, such as `minmax(120px, 1fr)`. */
export interface Column<T> {
  readonly id: string
  readonly title: string
  readonly width: string
  readonly cell: (row: T) => ReactNode
  /** All of it, where a cell has room for a part only. */
  readonly full?: (row: T) => ReactNode
  /** Whether its heading sorts. */
  readonly isSortable?: boolean
}

/** Which column decides the order. */
export interface Sort {
  readonly column: string
  readonly direction: 'ascending' | 'descending'
}

interface DataTableProps<T> {
  readonly label: string
  readonly columns: readonly Column<T>[]
  /** Sorted and filtered already. */
  readonly rows: readonly T[]
  readonly keyOf: (row: T) => string
  readonly onOpen?: (row: T) => void
  readonly sort?: Sort | null
  readonly onSort?: (sort: Sort) => void
  readonly selected?: ReadonlySet<string>
  readonly onSelect?: (selected: ReadonlySet<string>) => void
  /** Key of the one row that the view is about: marked, and brought into sight. */
  readonly current?: string | null
  /** Height of the window over the rows; as many rows as there are, at most this. */
  readonly maxHeight?: number
  readonly rowHeight?: number
}

/** A table of any length: only the rows in sight are drawn, all of them can be reached by keys, and the first column stays. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, rows, keyOf, onOpen, sort = null, onSort, selected, onSelect } = props
  const { maxHeight = 480, rowHeight = 32 } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 800, height: maxHeight },
  })
  const template = columns.map(column => column.width).join(' ')
  const minWidth = leastWidth(columns)
  const focusRow = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setCurrent(next)
    virtual.scrollToIndex(next, { align: 'auto' })
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true }),
    )
  }
  const shownKey = props.current ?? null
  const shownIndex = shownKey === null ? -1 : rows.findIndex(row => keyOf(row) === shownKey)
  useEffect(() => {
    if (shownIndex < 0) return
    setCurrent(shownIndex)
    virtual.scrollToIndex(shownIndex, { align: 'auto' })
  }, [shownIndex, virtual])
  const toggle = (row: T): void => {
    if (!selected || !onSelect) return
    const next = new Set(selected)
    if (!next.delete(keyOf(row))) next.add(keyOf(row))
    onSelect(next)
  }
  useCommand(
    'list.next',
    rows.length > 0 ? () => focusRow(hasFocus(scroller.current) ? current + 1 : current) : null,
  )
  useCommand('list.previous', rows.length > 0 ? () => focusRow(current - 1) : null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(maxHeight / rowHeight) - 1)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    }
    const target = steps[event.key]
    const row = rows[current]
    if (target !== undefined) focusRow(target)
    else if (event.key === 'Enter' && row !== undefined && onOpen && isRow(event.target)) onOpen(row)
    else if (event.key === ' ' && row !== undefined && onSelect && isRow(event.target)) toggle(row)
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot be windowed with a grid of tracks.
    <div
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-multiselectable={onSelect ? true : undefined}
      className={styles.table}
      ref={scroller}
      style={{ maxHeight }}
      onKeyDown={onKeyDown}
    >
      <Headings columns={columns} template={template} minWidth={minWidth} sort={sort} onSort={onSort} />
      {/* biome-ignore lint/a11y/useSemanticElements: see above. */}
      <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize(), minWidth }}>
        {virtual.getVirtualItems().map(item => {
          const row = rows[item.index]
          if (row === undefined) return null
          const isSelected = selected?.has(keyOf(row))
          return (
            // biome-ignore lint/a11y/useSemanticElements: see above.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the table takes the keys for all of its rows.
            <div
              key={keyOf(row)}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={onSelect ? (isSelected ?? false) : undefined}
              aria-current={item.index === shownIndex || undefined}
              data-index={item.index}
              tabIndex={item.index === Math.min(current, rows.length - 1) ? 0 : -1}
              className={styles.row}
              data-opens={onOpen ? true : undefined}
              style={{
                gridTemplateColumns: template,
                height: rowHeight,
                transform: `translateY(${item.start}px)`,
              }}
              onFocus={() => setCurrent(item.index)}
              onClick={event => {
                if (onSelect && (event.ctrlKey || event.metaKey)) toggle(row)
                else onOpen?.(row)
              }}
            >
              {columns.map((column, index) => (
                // biome-ignore lint/a11y/useSemanticElements: see above.
                // biome-ignore lint/a11y/useFocusableInteractive: rows have the focus, not cells.
                <div key={column.id} role="gridcell" aria-colindex={index + 1} className={styles.cell}>
                  {column.cell(row)}
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface HeadingsProps<T> {
  readonly columns: readonly Column<T>[]
  readonly template: string
  readonly minWidth: number
  readonly sort: Sort | null
  readonly onSort: ((sort: Sort) => void) | undefined
}

function Headings<T>({ columns, template, minWidth, sort, onSort }: HeadingsProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot be windowed with a grid of tracks.
    // biome-ignore lint/a11y/useFocusableInteractive: the headings' own buttons have the focus.
    <div
      role="row"
      aria-rowindex={1}
      className={styles.headings}
      style={{ gridTemplateColumns: template, minWidth }}
    >
      {columns.map((column, index) => {
        const direction = sort?.column === column.id ? sort.direction : undefined
        return (
          // biome-ignore lint/a11y/useSemanticElements: see above.
          // biome-ignore lint/a11y/useFocusableInteractive: see above.
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={index + 1}
            aria-sort={direction ?? (column.isSortable ? 'none' : undefined)}
            className={styles.heading}
          >
            {column.isSortable && onSort ? (
              <button
                type="button"
                className={styles.sort}
                onClick={() =>
                  onSort({
                    column: column.id,
                    direction: direction === 'ascending' ? 'descending' : 'ascending',
                  })
                }
              >
                {column.title}
                {direction === 'ascending' && <ArrowUp size={12} aria-hidden="true" />}
                {direction === 'descending' && <ArrowDown size={12} aria-hidden="true" />}
              </button>
            ) : (
              column.title
            )}
          </div>
        )
      })}
    </div>
  )
}

/** The sum of what every column needs at least: headings and rows are grids of their own, and must be equally wide. */
function leastWidth<T>(columns: readonly Column<T>[]): number {
  return columns.reduce((sum, { width }) => sum + Number(/(\d+)px/.exec(width)?.[1] ?? 0), 0)
}

function isRow(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.getAttribute('role') === 'row'
}

function hasFocus(element: HTMLElement | null): boolean {
  return element?.contains(document.activeElement) ?? false
}
