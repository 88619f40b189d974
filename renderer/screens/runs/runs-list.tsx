import { type ReactNode, useMemo, useRef, useState } from 'react'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import { useCommand } from '../../commands/use-command.tsx'
import { useSavedQuery } from '../../hooks/use-saved-query.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { OpenRunFileButton } from '../../open-file/open-run-file-button.tsx'
import { routeTo, type ScreenRoute } from '../../route/route.ts'
import { useDashboard } from '../../store/dashboard-context.tsx'
import { navigate } from '../../store/navigate.ts'
import { useRequest } from '../../store/use-request.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyNotice } from '../../ui/empty-notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FilterChips } from './filter-chips.tsx'
import { RefusedFile } from './refused-file.tsx'
import { listRunColumns } from './run-columns.tsx'
import { countFilters, findRuns, type RunFilter, readFilter, sayRuns, wordOfFilter } from './run-filters.ts'
import styles from './runs-list.module.css'
import { useTableHeight } from './use-table-height.ts'

/** What stands above the table, in pixels. */
const above = 236

const keptKeys = { keys: ['show'], naming: ['find'] }

/** The history: newest first, to be narrowed, opened, and compared by two. */
export function RunsList({ route }: { readonly route: ScreenRoute }) {
  const runs = useRequest('run.list', {}, { when: event => event.type === 'runs.changed' })
  const [query, set] = useSavedQuery(route, 'runs', keptKeys)
  const filter = readFilter(query.show) ?? 'all'
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const search = useRef<HTMLInputElement>(null)
  const text = query.find ?? ''
  const all = runs.value ?? []
  useTitle('Runs')
  useCommand('list.filter', () => search.current?.focus())
  return (
    <div className={styles.screen}>
      <header className={styles.header}>
        <h1 tabIndex={-1}>{runs.value === null ? 'Runs' : sayRuns(all)}</h1>
        <div className={styles.actions}>
          <CompareButton selected={selected} runs={all} />
          <OpenRunFileButton />
        </div>
      </header>
      <RefusedFile route={route} />
      <div className={styles.filters}>
        <FilterChips
          current={filter}
          counts={countFilters(all)}
          onChoose={next => set({ show: next === 'all' ? null : next })}
        />
        <input
          ref={search}
          type="search"
          className={styles.search}
          aria-label="Find in the runs"
          placeholder="Find a run, project or outcome"
          value={text}
          onChange={event => set({ find: event.target.value })}
          onKeyDown={event => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
      </div>
      <Panel
        title="History"
        isTitleHidden
        loadable={runs}
        waitingFor="the list of runs"
        rows={8}
        effect="Runs are not touched by this: only their list cannot be read."
        whenEmpty={found => (found.length === 0 ? <NoRuns /> : null)}
      >
        {found => (
          <History
            runs={findRuns(found, filter, text)}
            selected={selected}
            onSelect={setSelected}
            whenNone={
              <NothingFound
                filter={filter}
                text={text}
                all={found.length}
                onShowAll={() => set({ show: null, find: null })}
              />
            }
          />
        )}
      </Panel>
    </div>
  )
}

interface HistoryProps {
  readonly runs: readonly RunSummary[]
  readonly selected: ReadonlySet<string>
  readonly onSelect: (selected: ReadonlySet<string>) => void
  readonly whenNone: ReactNode
}

function History({ runs, selected, onSelect, whenNone }: HistoryProps) {
  const isCompact = useDashboard(state => state.preferences.density === 'compact')
  const maxHeight = useTableHeight(above)
  const columns = useMemo(
    () =>
      listRunColumns({
        selected,
        onToggle: runId => {
          const next = new Set(selected)
          if (!next.delete(runId)) next.add(runId)
          onSelect(next)
        },
      }),
    [selected, onSelect],
  )
  if (runs.length === 0) return whenNone
  return (
    <DataTable
      label="Runs, newest first"
      columns={columns}
      rows={runs}
      keyOf={run => run.runId}
      onOpen={run => navigate(routeTo('runs', { id: run.runId }))}
      selected={selected}
      onSelect={onSelect}
      maxHeight={maxHeight}
      rowHeight={isCompact ? 28 : 32}
    />
  )
}

interface CompareButtonProps {
  readonly selected: ReadonlySet<string>
  readonly runs: readonly RunSummary[]
}

/** The older run stands on the left. */
function CompareButton({ selected, runs }: CompareButtonProps) {
  const [newer, older, ...more] = runs.filter(run => selected.has(run.runId))
  const isPair = newer !== undefined && older !== undefined && more.length === 0
  return (
    <Button
      onPress={() => {
        if (isPair) navigate(routeTo('runs', { query: { left: older.runId, right: newer.runId } }))
      }}
      refusal={isPair ? null : 'select exactly two runs: with their boxes, or with Space on their rows'}
    >
      Compare 2 runs
    </Button>
  )
}

interface NothingFoundProps {
  readonly filter: RunFilter
  readonly text: string
  readonly all: number
  readonly onShowAll: () => void
}

function NothingFound({ filter, text, all, onShowAll }: NothingFoundProps) {
  const what = filter === 'all' ? 'No run' : `No run under ${wordOfFilter(filter)}`
  return (
    <EmptyNotice
      title={text === '' ? `${what}.` : `${what} has "${text}" in its id, project or outcome.`}
      action={<Button onPress={onShowAll}>Show all {all} runs</Button>}
    />
  )
}

function NoRuns() {
  return (
    <EmptyNotice title="No run yet" action={<CopyButton text="lockstep run" label="Copy the command" />}>
      <p>
        A run begins with a plan that is approved and applied here, or with <code>lockstep run</code> in a
        terminal. A pipeline's log can be dropped on this window.
      </p>
    </EmptyNotice>
  )
}
