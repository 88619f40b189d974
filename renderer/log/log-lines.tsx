import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { LogLine, LogQuery } from '../../shared/api/log-line.ts'
import { formatScreenRoute, type ScreenRoute, withQuery } from '../route/route.ts'
import { useDashboard } from '../store/dashboard-context.tsx'
import { LogRow } from './log-row.tsx'
import type { LogRows } from './log-rows.ts'
import styles from './log-viewer.module.css'
import { rowHeight, rowsInSight } from './scroll-scale.ts'
import { mostCharacters } from './split-line.ts'
import { useLogScroll } from './use-log-scroll.ts'

/** Rows that are chosen, to be copied. */
export interface RowRange {
  readonly anchor: number
  readonly focus: number
}

export interface LogLinesProps {
  readonly route: ScreenRoute
  readonly rows: LogRows
  /** Another object whenever lines came that were not there. */
  readonly arrived: object
  readonly query: LogQuery | null
  readonly startedAt: string | null
  /** The line that the address points at. */
  readonly linkedLine: number | null
  /** The row to bring into sight; every new object does so once. */
  readonly target: { readonly row: number } | null
  readonly isPinned: boolean
  readonly isRead: boolean
  readonly range: RowRange | null
  readonly onRange: (range: RowRange | null) => void
  readonly onLink: (line: LogLine) => void
  readonly onTurnAway: () => void
  readonly onReachEnd: () => void
  readonly children?: ReactNode
}

/** The lines themselves: only those in sight are drawn, and the position moves by nothing but the reader, or the end that is followed. */
export function LogLines(props: LogLinesProps) {
  const {
    route,
    rows,
    arrived,
    query,
    linkedLine,
    target,
    isPinned,
    range,
    onRange,
    onTurnAway,
    onReachEnd,
  } = props
  const time = useDashboard(state => state.preferences.time)
  const scroll = useLogScroll({ rows: rows.count, isPinned, onTurnAway, onReachEnd })
  const { scroller, scale, offset, moveBy, moveTo, showRow, onScroll } = scroll
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set())
  const { first, last } = rowsInSight(scale, offset, rows.count)
  const focus = range?.focus ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came may not be all that is in sight.
  useEffect(() => {
    if (last >= first) rows.want(first, last)
  }, [rows, first, last, arrived])
  useEffect(() => {
    if (target) showRow(target.row)
  }, [target, showRow])
  const widest = useWidest(rows, first, last)
  const toggle = useToggle(setExpanded)
  const choose = (row: number, isExtending: boolean): void => {
    const next = Math.min(rows.count - 1, Math.max(0, row))
    onTurnAway()
    onRange({ anchor: isExtending ? (range?.anchor ?? next) : next, focus: next })
    showRow(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(scale.viewport / rowHeight) - 1)
    const isModified = event.ctrlKey || event.metaKey
    if (isModified && event.key.toLowerCase() === 'a') onRange({ anchor: 0, focus: rows.count - 1 })
    else if (isModified || event.altKey) return
    else if (event.key === 'ArrowDown') choose(focus === null ? first : focus + 1, event.shiftKey)
    else if (event.key === 'ArrowUp') choose(focus === null ? last : focus - 1, event.shiftKey)
    else if (event.key === 'PageDown') moveBy(page * rowHeight)
    else if (event.key === 'PageUp') moveBy(-page * rowHeight)
    else if (event.key === 'Home') moveTo(0)
    else if (event.key === 'End') {
      moveTo(scale.end)
      onReachEnd()
    } else if (event.key === 'Escape' && range !== null) onRange(null)
    else if (event.key === 'Enter' && focus !== null) link(rows.lineAt(focus), props.onLink)
    else if (event.key === ' ' && focus !== null) toggle(focus)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const onClick = (event: MouseEvent): void => {
    const element = event.target instanceof HTMLElement ? event.target : null
    const row = Number(element?.closest<HTMLElement>('[data-row]')?.dataset.row)
    if (Number.isNaN(row) || element?.closest('button')) return
    if (element?.closest('[data-gutter]') && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      if (!event.shiftKey) link(rows.lineAt(row), props.onLink)
      choose(row, event.shiftKey)
    } else if (event.shiftKey) choose(row, true)
  }
  useSelectionLeaves(scroller, onTurnAway)
  const from = range === null ? -1 : Math.min(range.anchor, range.focus)
  const to = range === null ? -1 : Math.max(range.anchor, range.focus)
  const digits = Math.max(4, String(rows.count).length)
  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is no list of lines. */}
      <div
        ref={scroller}
        role="group"
        aria-label="Log lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
        tabIndex={0}
        aria-activedescendant={
          focus !== null && focus >= first && focus <= last ? `log-row-${focus}` : undefined
        }
        className={styles.scroller}
        style={{ '--digits': `calc(${digits}ch + 20px)` } as Readonly<Record<string, string>>}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onClick={onClick}
        data-following={isPinned || undefined}
      >
        <div
          className={styles.spacer}
          style={{ height: scale.height, width: `calc(${widest + digits}ch + 330px)` }}
        >
          <div
            className={styles.window}
            style={{ height: Math.min(scale.viewport, scale.content) }}
            role="log"
            aria-live={props.isRead ? 'polite' : 'off'}
            aria-label="Log"
          >
            <div style={{ transform: `translateY(${first * rowHeight - offset}px)` }}>
              {Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
                const row = first + index
                const line = rows.lineAt(row)
                return (
                  <LogRow
                    key={row}
                    row={row}
                    line={line}
                    query={query}
                    time={time}
                    startedAt={props.startedAt}
                    href={
                      line === null ? '' : formatScreenRoute(withQuery(route, { line: String(line.line) }))
                    }
                    isLinked={line !== null && line.line === linkedLine}
                    isCurrent={row === focus}
                    isSelected={row >= from && row <= to}
                    isExpanded={expanded.has(row)}
                    onToggle={toggle}
                  />
                )
              })}
            </div>
          </div>
        </div>
      </div>
      {props.children}
    </div>
  )
}

function link(line: LogLine | null, onLink: (line: LogLine) => void): void {
  if (line !== null) onLink(line)
}

/** The longest line that was in sight so far, in characters: the room to scroll sideways only grows, so nothing jumps. */
function useWidest(rows: LogRows, first: number, last: number): number {
  const widest = useRef(60)
  for (let row = first; row <= last; row += 1) {
    const length = Math.min(mostCharacters + 40, rows.lineAt(row)?.text.length ?? 0)
    if (length > widest.current) widest.current = length
  }
  return widest.current
}

function useToggle(
  change: (update: (before: ReadonlySet<number>) => ReadonlySet<number>) => void,
): (row: number) => void {
  const toggle = useRef((row: number) =>
    change(before => {
      const next = new Set(before)
      if (!next.delete(row)) next.add(row)
      return next
    }),
  )
  return toggle.current
}

/** Selected text should stay where it is. */
function useSelectionLeaves(
  scroller: { readonly current: HTMLDivElement | null },
  onTurnAway: () => void,
): void {
  const latest = useRef(onTurnAway)
  latest.current = onTurnAway
  useEffect(() => {
    const look = (): void => {
      const selection = document.getSelection()
      if (selection === null || selection.isCollapsed || selection.anchorNode === null) return
      if (scroller.current?.contains(selection.anchorNode)) latest.current()
    }
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [scroller])
}
