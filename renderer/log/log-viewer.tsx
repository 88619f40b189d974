import { useCallback, useEffect, useMemo, useState } from 'react'
import type { LogLine } from '../../shared/api/log-line.ts'
import { useCommand } from '../commands/use-command.tsx'
import { usePreferences } from '../hooks/use-preferences.ts'
import { useSavedQuery } from '../hooks/use-saved-query.ts'
import type { ScreenRoute } from '../route/route.ts'
import { useApi } from '../store/dashboard-context.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyNotice } from '../ui/empty-notice.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { findFailure, findPosition } from './find-line.ts'
import { LogFilterBar } from './log-filter-bar.tsx'
import { LogFoot } from './log-foot.tsx'
import { LogLines, type RowRange } from './log-lines.tsx'
import { nextMatch, rowsOfAll, rowsOfMatches } from './log-rows.ts'
import { LogSearchBar } from './log-search-bar.tsx'
import { readLogView } from './log-view.ts'
import styles from './log-viewer.module.css'
import { useFollowMode } from './use-follow-mode.ts'
import { useLogPages } from './use-log-pages.ts'
import { useLogSearch } from './use-log-search.ts'
import { mostWrappedRows, WrappedLines } from './wrapped-lines.tsx'

/** What names a tenant, a gate, a line or a text belongs to one run. */
const keptKeys = {
  keys: ['source', 'problems'],
  naming: ['tenant', 'phase', 'gate', 'attempt', 'line', 'q'],
}

const nothingAsked = Object.fromEntries(
  [...keptKeys.keys, ...keptKeys.naming, 'case', 'word', 'regex', 'only'].map(key => [key, null]),
)

export interface LogViewerProps {
  readonly route: ScreenRoute
  readonly runId: string
  /** Lines are still added to it. */
  readonly isLive: boolean
  /** Lines that are known to be written. */
  readonly written: number
  readonly startedAt: string | null
  readonly hasFailed: boolean
  readonly tenants: readonly string[]
  readonly gates: readonly string[]
  /** The most attempts that a tenant needed. */
  readonly attempts: number
}

/** The log of a run: complete from line 1, filtered and searched in the engine, followed while the run goes on. */
export function LogViewer(props: LogViewerProps) {
  const { route, runId, isLive, written } = props
  const api = useApi()
  const [preferences, write] = usePreferences()
  const [query, set] = useSavedQuery(route, 'run-log', keptKeys)
  const view = useMemo(() => readLogView(query), [query])
  const filterKey = JSON.stringify(view.filter)
  const { cache, snapshot, read } = useLogPages(runId, view.filter, written)
  const search = useLogSearch(runId, view.filter, view.query, written)
  const total = snapshot.total ?? 0
  const { matches } = search
  const rows = useMemo(
    () => (view.onlyMatches && matches ? rowsOfMatches(cache, matches) : rowsOfAll(cache, total)),
    [cache, matches, total, view.onlyMatches],
  )
  const [startsAtEnd] = useState(view.line === null && view.query === null)
  const choice = `${filterKey} ${view.onlyMatches}`
  const { mode, isPinned, newLines, turnAway, reachEnd } = useFollowMode({
    isLive,
    startsAtEnd,
    total: snapshot.total === null ? null : rows.count,
    choice,
  })
  const [target, setTarget] = useState<{ readonly row: number; readonly choice: string } | null>(null)
  const [range, setRange] = useState<RowRange | null>(null)
  const [isRead, setRead] = useState(false)

  const showPosition = useCallback(
    (position: number) => {
      turnAway()
      const row = rows.rowOf(position)
      setTarget({ row, choice })
      setRange({ anchor: row, focus: row })
    },
    [rows, turnAway, choice],
  )

  // A line of the address is looked up once it, or the filter that it is under, changes.
  const isKnown = snapshot.total !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another line or filter is a reason to move.
  useEffect(() => {
    if (view.line === null || !isKnown) return
    let isOver = false
    void findPosition(read, view.line).then(position => {
      if (!isOver && position !== null) showPosition(position)
    })
    return () => {
      isOver = true
    }
  }, [view.line, filterKey, isKnown, runId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows mean other lines under another filter.
  useEffect(() => {
    if (view.line === null) setRange(null)
  }, [filterKey, view.onlyMatches])

  const focusedPosition = range === null ? null : rows.positionOf(range.focus)
  const stepMatch = (direction: 'next' | 'previous'): void => {
    const position = nextMatch(matches?.positions ?? [], focusedPosition, direction)
    if (position !== null) showPosition(position)
  }
  const goToLine = (line: number): void => {
    turnAway()
    set({ line: String(line) })
    if (view.line === line) void findPosition(read, line).then(found => found !== null && showPosition(found))
  }
  const goToFailure = async (direction: 'first' | 'next' | 'previous'): Promise<void> => {
    if (direction === 'first') {
      const reply = await api.request('log.firstFailure', { runId, filter: view.filter })
      if (reply.ok && reply.value.line !== null) goToLine(reply.value.line)
      return
    }
    const current = view.line ?? (focusedPosition === null ? 0 : (cache.lineAt(focusedPosition)?.line ?? 0))
    const filter = { ...view.filter, problemsWith: 0 }
    const found = await findFailure(
      (from, count) => api.request('log.range', { runId, filter, from, count }),
      current,
      direction,
    )
    if (found) goToLine(found.line)
  }
  const toEnd = (): void => {
    setRange(null)
    setTarget({ row: Math.max(0, rows.count - 1), choice })
    reachEnd()
    if (view.line !== null) set({ line: null })
  }
  const isWrapPossible = rows.count <= mostWrappedRows
  const toggleWrap = (): void => write({ wrapLogs: !preferences.wrapLogs })
  useCommand('log.problems', () =>
    set({ problems: view.filter.problemsWith === undefined ? '3' : null, line: null }),
  )
  useCommand('log.follow', isLive ? () => (mode === 'follow' ? turnAway() : toEnd()) : null)
  useCommand('log.wrap', toggleWrap)
  useCommand('run.next_failure', () => void goToFailure('next'))
  useCommand('run.previous_failure', () => void goToFailure('previous'))

  const Lines = preferences.wrapLogs && isWrapPossible ? WrappedLines : LogLines
  return (
    <div className={styles.viewer}>
      <LogSearchBar
        query={view.query}
        onlyMatches={view.onlyMatches}
        search={search}
        focused={focusedPosition}
        onChange={changes => {
          turnAway()
          set(changes)
        }}
        onStep={stepMatch}
        onFirstFailure={props.hasFailed ? () => void goToFailure('first') : null}
      />
      <LogFilterBar {...props} filter={view.filter} onChange={changes => set({ ...changes, line: null })} />
      {snapshot.failure && (
        <FailureNotice
          failure={snapshot.failure}
          effect={total > 0 ? 'The lines that were read before it stay in sight.' : undefined}
          onRetry={() => cache.retry()}
        />
      )}
      {snapshot.total === null ? (
        snapshot.failure === null && (
          <Waiting rows={12} startedAt={0} waitingFor="the log" onRetry={() => cache.want([0])} />
        )
      ) : rows.count === 0 && !search.isRunning ? (
        <EmptyNotice
          title={view.onlyMatches ? 'No line matches.' : 'No line passes this filter.'}
          action={<Button onPress={() => set(nothingAsked)}>Clear filters</Button>}
        />
      ) : (
        <Lines
          key={`${runId} ${choice}`}
          route={route}
          rows={rows}
          arrived={snapshot}
          query={view.query !== null && matches !== null && matches.problem === null ? view.query : null}
          startedAt={props.startedAt}
          linkedLine={view.line}
          target={target?.choice === choice ? target : null}
          isPinned={isPinned}
          isRead={isRead}
          range={range}
          onRange={setRange}
          onLink={(line: LogLine) => {
            turnAway()
            set({ line: String(line.line) })
          }}
          onTurnAway={turnAway}
          onReachEnd={reachEnd}
        >
          {newLines > 0 && (
            <div className={styles.jump}>
              <Button kind="primary" onPress={toEnd}>
                {newLines} new {newLines === 1 ? 'line' : 'lines'} - jump to the end (End)
              </Button>
            </div>
          )}
        </Lines>
      )}
      {preferences.wrapLogs && !isWrapPossible && (
        <p role="status">
          Lines are not wrapped: {rows.count} rows are more than the {mostWrappedRows} that can be. A filter
          or a search leaves fewer.
        </p>
      )}
      <LogFoot
        runId={runId}
        read={read}
        rows={rows}
        range={range}
        all={snapshot.all}
        total={snapshot.total}
        isLive={isLive}
        isFollowing={mode === 'follow'}
        isRead={isRead}
        onRead={setRead}
        onFollow={() => (mode === 'follow' ? turnAway() : toEnd())}
        isWrapped={preferences.wrapLogs}
        onWrap={toggleWrap}
      />
    </div>
  )
}
