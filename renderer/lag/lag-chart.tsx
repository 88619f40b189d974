import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { formatBytes } from '../../shared/text/plain-words.ts'
import { formatTime } from '../ui/format-time.ts'
import { type ChartColors, readChartColors, watchTheme } from './chart-colors.ts'
import { drawLagMarks, type LagMarks } from './draw-lag-marks.ts'
import styles from './lag-chart.module.css'
import type { LagColumns, LagMeasure } from './lag-columns.ts'

interface LagChartProps {
  readonly columns: LagColumns
  /** The series that is drawn strongly, over the others. */
  readonly highlighted: number
  readonly measure: LagMeasure
  readonly top: number
  readonly marks: LagMarks
  readonly isUtc: boolean
  /** The moment that is read out, in seconds; null for none. */
  readonly cursorAt: number | null
  readonly onCursor: (at: number | null) => void
}

const height = 200

/** Lines over time on a canvas: the only place that knows uPlot. */
export function LagChart(props: LagChartProps) {
  const { columns, highlighted, measure, isUtc, cursorAt } = props
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef(props)
  latest.current = props
  const count = columns.cells.length

  useEffect(() => {
    const element = frame.current
    if (element === null) return
    let colors = readChartColors(element)
    const made = new uPlot(
      describeChart(latest, () => colors, element.clientWidth, { count, measure, isUtc }),
      orderData(latest.current.columns, latest.current.highlighted),
      element,
    )
    plot.current = made
    const stopWatching = watchTheme(() => {
      colors = readChartColors(element)
      made.redraw(false, true)
    })
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== made.width)
        made.setSize({ width: element.clientWidth, height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      stopWatching()
      made.destroy()
      plot.current = null
    }
  }, [count, measure, isUtc])

  useEffect(() => {
    plot.current?.setData(orderData(columns, highlighted))
  }, [columns, highlighted])

  useEffect(() => {
    const shown = plot.current
    if (shown === null || columns.times.length === 0) return
    const left = cursorAt === null ? -10 : shown.valToPos(cursorAt, 'x')
    shown.setCursor({ left, top: cursorAt === null ? -10 : 0 }, false)
  }, [cursorAt, columns])

  return <div ref={frame} className={styles.chart} style={{ minHeight: height }} />
}

/** The highlighted series last, so that it lies over the others. */
function orderData({ times, cells }: LagColumns, highlighted: number): uPlot.AlignedData {
  const chosen = cells[highlighted]
  const others = cells.filter((_, index) => index !== highlighted)
  // uPlot only reads what it is given.
  return [times, ...others, ...(chosen ? [chosen] : [])] as unknown as uPlot.AlignedData
}

interface ChartKind {
  readonly count: number
  readonly measure: LagMeasure
  readonly isUtc: boolean
}

function describeChart(
  latest: { readonly current: LagChartProps },
  colors: () => ChartColors,
  width: number,
  { count, measure, isUtc }: ChartKind,
): uPlot.Options {
  const axis = {
    stroke: () => colors().quiet,
    font: `11px ${colors().font}`,
    grid: { stroke: () => colors().line, width: 1 },
    ticks: { show: false },
  }
  return {
    width: Math.max(width, 1),
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { show: false } },
    tzDate: seconds => {
      const date = new Date(seconds * 1_000)
      return isUtc ? uPlot.tzDate(date, 'Etc/UTC') : date
    },
    scales: { x: { time: true }, y: { range: () => [0, latest.current.top] } },
    axes: [
      {
        ...axis,
        size: 28,
        space: 90,
        values: (_, splits) => splits.map(at => formatClock(at, isUtc)),
      },
      {
        ...axis,
        size: 64,
        space: 36,
        values: (_, splits) => splits.map(value => (measure === 'bytes' ? formatBytes(value) : `${value} s`)),
      },
    ],
    series: [
      {},
      ...Array.from({ length: count }, (_, index) => ({
        stroke: () => (index === count - 1 ? colors().active : colors().neutral),
        width: index === count - 1 ? 2 : 1,
        spanGaps: false,
        points: { show: false },
      })),
    ],
    hooks: {
      draw: [plot => drawLagMarks(plot, latest.current.marks, colors())],
      setCursor: [
        plot => {
          const { idx, left } = plot.cursor
          latest.current.onCursor(
            left === undefined || left < 0 || idx == null
              ? null
              : (latest.current.columns.times[idx] ?? null),
          )
        },
      ],
    },
  }
}

function formatClock(seconds: number, isUtc: boolean): string {
  const at = new Date(seconds * 1_000).toISOString()
  return formatTime(at, isUtc ? 'utc' : 'local', false).slice(0, 8)
}
