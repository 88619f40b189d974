import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { formatScreenRoute, withQuery } from '../route/route.ts'
import { useDashboard } from '../store/dashboard-context.tsx'
import type { LogLinesProps } from './log-lines.tsx'
import { LogRow } from './log-row.tsx'
import styles from './log-viewer.module.css'

/** As many rows as can be measured one by one. */
export const mostWrappedRows = 50_000

/** The lines with their whole text in sight: rows are as high as their text, and measured. */
export function WrappedLines(props: LogLinesProps) {
  const { route, rows, query, linkedLine, target, isPinned, onTurnAway, onReachEnd } = props
  const time = useDashboard(state => state.preferences.time)
  const scroller = useRef<HTMLDivElement>(null)
  const before = useRef(0)
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 20,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came may not be all that is in sight.
  useEffect(() => rows.want(first, last), [rows, first, last, props.arrived])
  useEffect(() => {
    if (target) virtual.scrollToIndex(target.row, { align: 'center' })
  }, [target, virtual])
  useEffect(() => {
    if (isPinned && rows.count > 0) virtual.scrollToIndex(rows.count - 1, { align: 'end' })
  }, [isPinned, rows.count, virtual])
  const onScroll = (): void => {
    const element = scroller.current
    if (element === null) return
    const isUpward = element.scrollTop < before.current - 1
    const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 2
    before.current = element.scrollTop
    if (isUpward && !isAtEnd) onTurnAway()
    else if (isAtEnd) onReachEnd()
  }
  return (
    <div className={`${styles.frame} ${styles.wrapped}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is no list of lines. */}
      <div
        ref={scroller}
        role="group"
        aria-label="Log lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
        tabIndex={0}
        className={styles.scroller}
        style={
          { '--digits': `calc(${Math.max(4, String(rows.count).length)}ch + 20px)` } as Readonly<
            Record<string, string>
          >
        }
        onScroll={onScroll}
      >
        <div
          role="log"
          aria-live={props.isRead ? 'polite' : 'off'}
          aria-label="Log"
          className={styles.spacer}
          style={{ height: virtual.getTotalSize() }}
        >
          <div style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map(item => {
              const line = rows.lineAt(item.index)
              return (
                <div key={item.key} ref={virtual.measureElement} data-index={item.index}>
                  <LogRow
                    row={item.index}
                    line={line}
                    query={query}
                    time={time}
                    startedAt={props.startedAt}
                    href={
                      line === null ? '' : formatScreenRoute(withQuery(route, { line: String(line.line) }))
                    }
                    isLinked={line !== null && line.line === linkedLine}
                    isCurrent={false}
                    isSelected={false}
                    isExpanded
                    onToggle={() => undefined}
                  />
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {props.children}
    </div>
  )
}
