import { Info, OctagonX, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import type { LogLine, LogQuery } from '../../shared/api/log-line.ts'
import type { Preferences } from '../../shared/api/preferences.ts'
import { findStretches } from '../../shared/log/match-text.ts'
import type { LogLevel } from '../../shared/run/event-spec.ts'
import { formatTime } from '../ui/format-time.ts'
import styles from './log-viewer.module.css'
import { type LineSegment, mostCharacters, splitLine } from './split-line.ts'

interface LogRowProps {
  readonly row: number
  /** Null while it is on its way. */
  readonly line: LogLine | null
  readonly query: LogQuery | null
  readonly time: Preferences['time']
  readonly startedAt: string | null
  readonly href: string
  readonly isLinked: boolean
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly isExpanded: boolean
  readonly onToggle: (row: number) => void
}

const glyphs = { info: Info, warning: TriangleAlert, error: OctagonX } as const

/** One line: number, time, level by word and glyph, who speaks, and the text. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { row, line, query, time, startedAt, href, isExpanded, onToggle } = props
  if (line === null) {
    return (
      <div className={styles.row} id={`log-row-${row}`} data-row={row}>
        <span className={styles.number} />
        <span className="quiet">…</span>
      </div>
    )
  }
  const isClipped = line.text.length > mostCharacters
  const text = isClipped && !isExpanded ? line.text.slice(0, mostCharacters) : line.text
  const isNewAttempt = line.type === 'tenant.started' && (line.attempt ?? 1) > 1
  return (
    <div
      className={styles.row}
      id={`log-row-${row}`}
      data-row={row}
      data-line={line.line}
      data-level={line.level}
      data-linked={props.isLinked || undefined}
      data-current={props.isCurrent || undefined}
      data-selected={props.isSelected || undefined}
      data-attempt={isNewAttempt || undefined}
    >
      <a className={styles.number} href={href} tabIndex={-1} aria-label={`Line ${line.line}`} data-gutter>
        {line.line}
      </a>
      <time className={styles.time} dateTime={line.at} title={formatTime(line.at, 'local', true)}>
        {formatLineTime(line.at, time, startedAt)}
      </time>
      <LevelMark level={line.level} />
      <span className={styles.source}>{line.source}</span>
      <span className={styles.text}>
        {isNewAttempt && <strong className={styles.attempt}>attempt {line.attempt} </strong>}
        {splitLine(text, plain => (query === null ? [] : findStretches(plain, query))).map(
          (segment, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line never changes.
            <Segment key={index} segment={segment} />
          ),
        )}
        {isClipped && (
          <button type="button" className={styles.expand} tabIndex={-1} onClick={() => onToggle(row)}>
            {isExpanded ? 'clip' : `expand, ${line.text.length - mostCharacters} more characters`}
          </button>
        )}
      </span>
    </div>
  )
})

function Segment({ segment: { text, colour, isBold, isMatch } }: { readonly segment: LineSegment }) {
  const Element = isMatch ? 'mark' : 'span'
  return (
    <Element data-colour={colour ?? undefined} data-bold={isBold || undefined}>
      {text}
    </Element>
  )
}

function LevelMark({ level }: { readonly level: LogLevel }) {
  const Glyph = glyphs[level]
  return (
    <span className={styles.level} data-level={level}>
      <Glyph size={12} aria-hidden="true" />
      {level}
    </span>
  )
}

/** Relative times count from the start of the run: beside one another, "4 s ago" on every line says nothing. */
export function formatLineTime(at: string, kind: Preferences['time'], startedAt: string | null): string {
  if (kind !== 'relative' || startedAt === null)
    return formatTime(at, kind === 'utc' ? 'utc' : 'local', false)
  const since = Date.parse(at) - Date.parse(startedAt)
  const minutes = Math.floor(since / 60_000)
  return `+${minutes}:${((since % 60_000) / 1_000).toFixed(3).padStart(6, '0')}`
}
