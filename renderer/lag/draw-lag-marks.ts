import type uPlot from 'uplot'
import type { ChartColors } from './chart-colors.ts'

/** What is written over the lines. */
export interface LagMarks {
  /** Spans of the highlighted standby, in seconds. */
  readonly gaps: readonly Span[]
  readonly idle: readonly Span[]
  readonly limit: { readonly value: number; readonly label: string; readonly isInside: boolean } | null
}

interface Span {
  readonly from: number
  readonly to: number
}

/** Draws the limit with its name, gaps as bands, and idle times as a dotted line: each by shape and word. */
export function drawLagMarks(plot: uPlot, { gaps, idle, limit }: LagMarks, colors: ChartColors): void {
  const { ctx } = plot
  const ratio = devicePixelRatio
  ctx.save()
  ctx.font = `${11 * ratio}px ${colors.font}`
  ctx.lineWidth = ratio
  for (const gap of gaps) drawGap(plot, gap, colors, ratio)
  for (const span of idle) drawIdle(plot, span, colors, ratio)
  if (limit !== null) drawLimit(plot, limit, colors, ratio)
  ctx.restore()
}

function drawGap(plot: uPlot, span: Span, colors: ChartColors, ratio: number): void {
  const { ctx, bbox } = plot
  const [left, right] = placeSpan(plot, span)
  if (right <= left) return
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, bbox.top, right - left, bbox.height)
  ctx.clip()
  ctx.strokeStyle = colors.line
  ctx.beginPath()
  for (let x = left - bbox.height; x < right; x += 8 * ratio) {
    ctx.moveTo(x, bbox.top + bbox.height)
    ctx.lineTo(x + bbox.height, bbox.top)
  }
  ctx.stroke()
  ctx.restore()
  writeOver(plot, 'no data', { left, right, y: bbox.top + 14 * ratio }, colors.quiet)
}

function drawIdle(plot: uPlot, span: Span, colors: ChartColors, ratio: number): void {
  const { ctx, bbox } = plot
  const [left, right] = placeSpan(plot, span)
  if (right <= left) return
  const y = bbox.top + bbox.height - 2 * ratio
  ctx.strokeStyle = colors.active
  ctx.setLineDash([2 * ratio, 3 * ratio])
  ctx.beginPath()
  ctx.moveTo(left, y)
  ctx.lineTo(right, y)
  ctx.stroke()
  ctx.setLineDash([])
  writeOver(plot, 'idle', { left, right, y: y - 6 * ratio }, colors.quiet)
}

function drawLimit(
  plot: uPlot,
  limit: NonNullable<LagMarks['limit']>,
  colors: ChartColors,
  ratio: number,
): void {
  const { ctx, bbox } = plot
  const y = limit.isInside ? plot.valToPos(limit.value, 'y', true) : bbox.top + ratio
  ctx.strokeStyle = colors.attn
  ctx.fillStyle = colors.attn
  ctx.setLineDash(limit.isInside ? [6 * ratio, 4 * ratio] : [ratio, 4 * ratio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.textAlign = 'right'
  ctx.textBaseline = limit.isInside && y > bbox.top + 16 * ratio ? 'bottom' : 'top'
  const text = limit.isInside ? limit.label : `${limit.label}, above this scale ↑`
  ctx.fillText(text, bbox.left + bbox.width - 4 * ratio, y + (ctx.textBaseline === 'top' ? 4 : -3) * ratio)
}

function writeOver(
  { ctx }: uPlot,
  text: string,
  { left, right, y }: { readonly left: number; readonly right: number; readonly y: number },
  color: string,
): void {
  if (ctx.measureText(text).width + 4 > right - left) return
  ctx.fillStyle = color
  ctx.textAlign = 'center'
  ctx.textBaseline = 'alphabetic'
  ctx.fillText(text, (left + right) / 2, y)
}

function placeSpan(plot: uPlot, { from, to }: Span): readonly [number, number] {
  const { left, width } = plot.bbox
  const clamp = (x: number): number => Math.max(left, Math.min(left + width, x))
  return [clamp(plot.valToPos(from, 'x', true)), clamp(plot.valToPos(to, 'x', true))]
}
