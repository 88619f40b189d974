import { ArrowDownRight, ArrowUpRight, MoveRight, Unplug } from 'lucide-react'
import type { LagTrend } from '../../../lag/describe-lag.ts'
import styles from './topology-graph.module.css'

interface LagLabelProps {
  readonly text: string
  readonly trend: LagTrend | null
  readonly isBroken: boolean
  readonly right: number
  readonly y: number
}

/** How far a standby is behind, at the line to it, and whether that grows. */
export function LagLabel({ text, trend, isBroken, right, y }: LagLabelProps) {
  return (
    <span className={styles.label} data-broken={isBroken} style={{ left: right - 110, top: y - 20 }}>
      {isBroken ? <Unplug size={12} aria-hidden="true" /> : <Trend trend={trend} />}
      {text}
    </span>
  )
}

function Trend({ trend }: { readonly trend: LagTrend | null }) {
  switch (trend) {
    case 'rising':
      return <ArrowUpRight size={12} aria-label="rising" />
    case 'falling':
      return <ArrowDownRight size={12} aria-label="falling" />
    case 'steady':
      return <MoveRight size={12} aria-label="steady" />
    default:
      return null
  }
}
