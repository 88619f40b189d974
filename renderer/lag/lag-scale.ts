import type { LagColumns, LagMeasure } from './lag-columns.ts'

/** How high the chart reaches, and whether the limit is within it. */
export interface LagScale {
  readonly top: number
  readonly isLimitInside: boolean
}

/** A limit far above all values would press them flat: then it is said at the upper edge instead. */
export function chooseScale(columns: LagColumns, measure: LagMeasure, limit: number | null): LagScale {
  let highest = measure === 'bytes' ? 1_000 : 0.1
  for (const cells of columns.cells) {
    for (const cell of cells) if (typeof cell === 'number' && cell > highest) highest = cell
  }
  const isLimitInside = limit !== null && highest > limit / 4
  return { top: Math.max(highest, isLimitInside ? limit : 0) * 1.15, isLimitInside }
}
