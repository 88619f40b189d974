import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { countOf } from '../../shared/text/plain-words.ts'
import { Button } from '../ui/button.tsx'
import { readSqlText, type SqlText } from './sql-text.ts'
import styles from './sql-view.module.css'

interface SqlViewProps {
  readonly sql: string
  /** What it is, for a person who does not see it: "Statement 2 of 5". */
  readonly label: string
}

const rowHeight = 20
const shownAtFirst = 60
const drawnAtOnce = 1_000

/** SQL with line numbers, to be read. A long statement is clipped, says so, and opens to its whole length. */
export function SqlView({ sql, label }: SqlViewProps) {
  const text = useMemo(() => readSqlText(sql), [sql])
  const [showsAll, setShowsAll] = useState(false)
  const isLong = text.rows.length > shownAtFirst + 10
  const shown = isLong && !showsAll ? shownAtFirst : text.rows.length
  return (
    <div className={styles.frame}>
      {shown > drawnAtOnce ? (
        <LongSql text={text} label={label} />
      ) : (
        <code className={styles.code}>
          {text.rows.slice(0, shown).map((_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of one text never move.
            <SqlLine key={row} text={text} row={row} />
          ))}
        </code>
      )}
      {isLong && (
        <p className={styles.more}>
          {showsAll
            ? `${countOf(text.lines, 'line')}. `
            : `${text.rows.length - shownAtFirst} more rows of ${countOf(text.lines, 'line')} are not shown. `}
          <Button kind="quiet" onPress={() => setShowsAll(!showsAll)}>
            {showsAll ? `Show the first ${shownAtFirst}` : `Show all ${countOf(text.lines, 'line')}`}
          </Button>
        </p>
      )}
    </div>
  )
}

function LongSql({ text, label }: { readonly text: SqlText; readonly label: string }) {
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: text.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 20,
    initialRect: { width: 800, height: 480 },
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys.
    <section className={styles.scroller} ref={scroller} tabIndex={0} aria-label={label}>
      <code className={styles.long} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <span key={index} className={styles.placed} style={{ transform: `translateY(${start}px)` }}>
            <SqlLine text={text} row={index} />
          </span>
        ))}
      </code>
    </section>
  )
}

function SqlLine({ text, row }: { readonly text: SqlText; readonly row: number }) {
  const { line, isContinued } = text.rows[row] ?? { line: 0, isContinued: true }
  return (
    <span className={styles.line}>
      <span className={styles.gutter} aria-hidden="true" data-number={isContinued ? '' : line} />
      <span className={styles.text}>
        {text.tokensOf(row).map((token, index) =>
          token.kind === 'keyword' || token.kind === 'string' || token.kind === 'comment' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one line never move.
            <span key={index} className={styles[token.kind]}>
              {token.text}
            </span>
          ) : (
            token.text
          ),
        )}
        {'\n'}
      </span>
    </span>
  )
}
