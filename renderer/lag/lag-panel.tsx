import { type KeyboardEvent, Suspense, useMemo, useState } from 'react'
import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'
import { formatBytes } from '../../shared/text/plain-words.ts'
import { withQuery } from '../route/route.ts'
import { useDashboard } from '../store/dashboard-context.tsx'
import { navigate } from '../store/navigate.ts'
import { Button } from '../ui/button.tsx'
import { EmptyNotice } from '../ui/empty-notice.tsx'
import { formatTime } from '../ui/format-time.ts'
import { createLazyCode } from '../ui/lazy-code.ts'
import { LazyView } from '../ui/lazy-view.tsx'
import { formatLag, listSpans, summarizeSeries, wordOfLagState } from './describe-lag.ts'
import { findWorst } from './find-worst.ts'
import { type LagMeasure, readSeconds, toLagColumns } from './lag-columns.ts'
import styles from './lag-panel.module.css'
import { chooseScale } from './lag-scale.ts'
import { LagTable } from './lag-table.tsx'
import { StandbyList } from './standby-list.tsx'

const lagChart = createLazyCode('The chart', async () => (await import('./lag-chart.tsx')).LagChart)

interface LagPanelProps {
  readonly series: readonly LagSeries[]
  /** What the limit is called on its line, such as "limit of the gate". */
  readonly limitLabel?: string | undefined
}

/** How far each standby is behind, over time: one line each, the chosen one strong, with words, keys and a table for the same. */
export function LagPanel({ series, limitLabel = 'limit' }: LagPanelProps) {
  const route = useDashboard(state => state.route)
  const set = (changes: Readonly<Record<string, string | null>>): void =>
    navigate(withQuery(route, changes), 'replace')
  const measure: LagMeasure = route.query.lag === 'seconds' ? 'seconds' : 'bytes'
  // What was worst at first stays chosen: a line that changes its place by itself cannot be read.
  const [worst] = useState(() => findWorst(series))
  const wanted = route.query.standby ?? worst
  const highlighted = Math.max(
    0,
    series.findIndex(one => one.server === wanted),
  )
  const chosen = series[highlighted]
  if (!chosen)
    return (
      <EmptyNotice title="No standby is sampled.">
        <p className="quiet">Lag is measured on each standby of the project, once a second.</p>
      </EmptyNotice>
    )
  const isTable = route.query.samples === '1'
  return (
    <div className={styles.panel}>
      <StandbyList series={series} chosen={chosen.server} onChoose={server => set({ standby: server })} />
      <div className={styles.graph}>
        <div className={styles.bar}>
          <p>{summarizeSeries(chosen)}</p>
          <div className={styles.choices}>
            <Button kind="quiet" isPressed={measure === 'bytes'} onPress={() => set({ lag: null })}>
              Bytes
            </Button>
            <Button kind="quiet" isPressed={measure === 'seconds'} onPress={() => set({ lag: 'seconds' })}>
              Seconds
            </Button>
            <Button kind="quiet" isPressed={isTable} onPress={() => set({ samples: isTable ? null : '1' })}>
              Samples as a table
            </Button>
          </div>
        </div>
        {isTable ? (
          <LagTable series={chosen} />
        ) : (
          <ReadableChart
            series={series}
            highlighted={highlighted}
            chosen={chosen}
            measure={measure}
            limitLabel={limitLabel}
          />
        )}
      </div>
    </div>
  )
}

interface ReadableChartProps {
  readonly series: readonly LagSeries[]
  readonly highlighted: number
  readonly chosen: LagSeries
  readonly measure: LagMeasure
  readonly limitLabel: string
}

function ReadableChart({ series, highlighted, chosen, measure, limitLabel }: ReadableChartProps) {
  const isUtc = useDashboard(state => state.preferences.time === 'utc')
  const [cursorAt, setCursorAt] = useState<number | null>(null)
  const { samples, maxBytes } = chosen
  const columns = useMemo(() => toLagColumns(series, measure), [series, measure])
  const limit = measure === 'bytes' ? maxBytes : null
  const scale = useMemo(() => chooseScale(columns, measure, limit), [columns, measure, limit])
  const marks = useMemo(
    () => ({
      gaps: listSpans(samples, 'missing'),
      idle: listSpans(samples, 'idle'),
      limit:
        limit === null
          ? null
          : { value: limit, label: `${limitLabel} ${formatBytes(limit)}`, isInside: scale.isLimitInside },
    }),
    [samples, limit, limitLabel, scale],
  )
  const index = cursorAt === null ? samples.length - 1 : findSample(samples, cursorAt)
  const sample = samples[index]
  const move = (to: number): void => {
    const target = samples[Math.max(0, Math.min(samples.length - 1, to))]
    if (target) setCursorAt(readSeconds(target))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      PageUp: index - 30,
      PageDown: index + 30,
      Home: 0,
      End: samples.length - 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    move(to)
  }
  const text = sample ? readOut(sample, isUtc) : 'no samples'
  return (
    <>
      <div
        className={styles.chart}
        role="slider"
        tabIndex={0}
        aria-label={`Sample of ${chosen.server}; left and right read out the others`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, samples.length - 1)}
        aria-valuenow={Math.max(0, index)}
        aria-valuetext={text}
        onKeyDown={onKeyDown}
      >
        <Suspense fallback={<div className={styles.room} />}>
          <LazyView
            code={lagChart}
            props={{
              columns,
              highlighted,
              measure,
              top: scale.top,
              marks,
              isUtc,
              cursorAt,
              onCursor: setCursorAt,
            }}
          />
        </Suspense>
      </div>
      <p className={styles.readout}>
        <span className="quiet">{cursorAt === null ? 'Newest: ' : 'At the cursor: '}</span>
        {chosen.server} at {text}
        {columns.step > 1 && (
          <span className="quiet"> (the chart shows the peak of every {columns.step} s)</span>
        )}
      </p>
    </>
  )
}

/** The last sample that is not after a moment. */
function findSample(samples: readonly LagSample[], at: number): number {
  let low = 0
  let high = samples.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const sample = samples[middle]
    if (sample && readSeconds(sample) <= at) low = middle
    else high = middle - 1
  }
  return low
}

function readOut(sample: LagSample, isUtc: boolean): string {
  const time = formatTime(sample.at, isUtc ? 'utc' : 'local', false).replace(/\.\d+/, '')
  return `${time}: ${formatLag(sample, 'bytes')}, ${formatLag(sample, 'seconds')}, ${wordOfLagState(sample.state)}`
}
