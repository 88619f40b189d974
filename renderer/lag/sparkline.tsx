import type { LagSeries } from '../../shared/api/topology-view.ts'
import { sayLagHistory, shapeLag } from './lag-shape.ts'
import { lagWindowMs } from './lag-window.ts'
import styles from './sparkline.module.css'

const width = 240
const height = 28

interface SparklineProps {
  readonly series: LagSeries
  /** The right end, as `Date.now()`: the same for every standby. */
  readonly to: number
}

/** The lag of the last minutes as a line; where nothing is known there is no line but a hatched gap. */
export function Sparkline({ series, to }: SparklineProps) {
  const { samples, maxBytes, server } = series
  const shape = shapeLag(samples, { width, height, from: to - lagWindowMs, to, maxBytes })
  return (
    <svg
      className={styles.line}
      viewBox={`0 -2 ${width} ${height + 4}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${server}, ${sayLagHistory(samples, lagWindowMs)}`}
    >
      <line className={styles.ground} x1={0} x2={width} y1={height} y2={height} />
      {shape.limit !== null && (
        <line className={styles.limit} x1={0} x2={width} y1={shape.limit} y2={shape.limit} />
      )}
      {shape.gaps.map(([from, until]) => (
        <rect
          key={`gap ${from}`}
          className={styles.gap}
          x={from}
          y={0}
          width={Math.max(2, until - from)}
          height={height}
        />
      ))}
      {shape.idle.map(([from, until]) => (
        <line key={`idle ${from}`} className={styles.idle} x1={from} x2={until} y1={height} y2={height} />
      ))}
      {shape.lines.map(points => (
        <polyline key={points} className={styles.lag} points={points} />
      ))}
    </svg>
  )
}
