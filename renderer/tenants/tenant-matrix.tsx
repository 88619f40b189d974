import { useVirtualizer } from '@tanstack/react-virtual'
import {
  Circle,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  Hand,
  type LucideIcon,
  OctagonX,
  SkipForward,
  Undo2,
} from 'lucide-react'
import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { TenantState, TenantStatus } from '../../shared/run/run-state.ts'
import { familyOf, statusOfTenant } from '../status/status.ts'
import { wordOfStatus } from '../status/words.ts'
import { findTyped } from './find-typed.ts'
import styles from './tenant-matrix.module.css'

const glyphs: Readonly<Record<TenantStatus, LucideIcon>> = {
  waiting: CircleDashed,
  running: Circle,
  prepared: Hand,
  committed: CircleCheck,
  rolled_back: Undo2,
  failed: OctagonX,
  unsettled: CircleHelp,
  up_to_date: SkipForward,
}

const cellSize = 26

interface TenantMatrixProps {
  readonly tenants: readonly TenantState[]
  /** The place that keys move from. */
  readonly current: number
  readonly onMove: (index: number) => void
  readonly onOpen: (tenant: TenantState) => void
}

/** Every tenant as one cell, by shape and colour; arrows move, letters go to a name, Enter opens. */
export function TenantMatrix({ tenants, current, onMove, onOpen }: TenantMatrixProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [columns, setColumns] = useState(40)
  const typed = useRef({ text: '', at: 0 })
  const hadFocus = useRef(false)
  const rows = Math.ceil(tenants.length / columns)
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => cellSize,
    overscan: 4,
    initialRect: { width: 800, height: 240 },
  })
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const measure = (): void => setColumns(Math.max(1, Math.floor((element.clientWidth - 2) / cellSize)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const focused = Math.min(current, Math.max(0, tenants.length - 1))
  useEffect(() => {
    if (!hadFocus.current) return
    virtual.scrollToIndex(Math.floor(focused / columns), { align: 'auto' })
    const frame = requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-cell="${focused}"]`)
        ?.focus({ preventScroll: true }),
    )
    return () => cancelAnimationFrame(frame)
  }, [focused, columns, virtual])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = columns * 8
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: focused + 1,
      ArrowLeft: focused - 1,
      ArrowDown: focused + columns,
      ArrowUp: focused - columns,
      PageDown: focused + page,
      PageUp: focused - page,
      Home: 0,
      End: tenants.length - 1,
    }
    const step = steps[event.key]
    const tenant = tenants[focused]
    if (step !== undefined) onMove(Math.min(tenants.length - 1, Math.max(0, step)))
    else if (event.key === 'Enter' && tenant) onOpen(tenant)
    else if (/^[\w-]$/.test(event.key)) {
      const now = Date.now()
      const text = (now - typed.current.at < 1_000 ? typed.current.text : '') + event.key
      typed.current = { text, at: now }
      const found = findTyped(tenants, text, focused)
      if (found !== null) onMove(found)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot be windowed.
    <div
      ref={scroller}
      role="grid"
      aria-label={`${tenants.length} tenants by state`}
      aria-rowcount={rows}
      aria-colcount={columns}
      className={styles.matrix}
      onKeyDown={onKeyDown}
      onFocus={() => {
        hadFocus.current = true
      }}
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) hadFocus.current = false
      }}
    >
      <div className={styles.rows} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(item => (
          // biome-ignore lint/a11y/useSemanticElements: see above.
          // biome-ignore lint/a11y/useFocusableInteractive: cells have the focus.
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 1}
            className={styles.row}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {tenants.slice(item.index * columns, (item.index + 1) * columns).map((tenant, column) => {
              const index = item.index * columns + column
              return (
                <Cell
                  key={tenant.tenant}
                  name={tenant.tenant}
                  status={tenant.status}
                  index={index}
                  column={column + 1}
                  isCurrent={index === focused}
                  onOpen={() => {
                    onMove(index)
                    onOpen(tenant)
                  }}
                />
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
}

interface CellProps {
  readonly name: string
  readonly status: TenantStatus
  readonly index: number
  readonly column: number
  readonly isCurrent: boolean
  readonly onOpen: () => void
}

const Cell = memo(
  function Cell({ name, status, index, column, isCurrent, onOpen }: CellProps) {
    const Glyph = glyphs[status]
    return (
      // biome-ignore lint/a11y/useSemanticElements: see above.
      // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys for all of its cells.
      <div
        role="gridcell"
        aria-colindex={column}
        aria-label={`${name}, ${wordOfStatus(status)}`}
        title={`${name}, ${wordOfStatus(status)}`}
        data-cell={index}
        data-status={status}
        data-family={familyOf(statusOfTenant(status))}
        tabIndex={isCurrent ? 0 : -1}
        className={styles.cell}
        onClick={onOpen}
      >
        <Glyph size={16} aria-hidden="true" />
      </div>
    )
  },
  (before, after) =>
    before.name === after.name &&
    before.status === after.status &&
    before.index === after.index &&
    before.column === after.column &&
    before.isCurrent === after.isCurrent,
)
