export const rowHeight = 20

/** Chromium draws no element higher than 33.5 million pixels. */
const mostPixels = 30_000_000

/** How a scroll bar of limited length stands for a log of any length. Offsets are true pixels from the first line. */
export interface ScrollScale {
  /** Height of all rows. */
  readonly content: number
  readonly viewport: number
  /** Height that is given to the element. */
  readonly height: number
  /** The last offset. */
  readonly end: number
  readonly isScaled: boolean
}

/** The scale for so many rows in a window of such a height. */
export function scaleOf(rows: number, viewport: number): ScrollScale {
  const content = rows * rowHeight
  const height = Math.min(content, mostPixels)
  return { content, viewport, height, end: Math.max(0, content - viewport), isScaled: content > mostPixels }
}

/** Where the scroll bar stands for an offset. */
export function toScrollTop(scale: ScrollScale, offset: number): number {
  if (!scale.isScaled) return offset
  const last = scale.height - scale.viewport
  return scale.end === 0 ? 0 : Math.min(last, Math.max(0, (offset / scale.end) * last))
}

/**
 * The offset after the scroll bar has moved. A small step, as of a wheel, moves as many pixels; a big one, as of a dragged thumb, is
 * taken as a place. Without this distinction one notch of the wheel would skip whole pages of a long log.
 */
export function offsetAfterScroll(
  scale: ScrollScale,
  before: { readonly offset: number; readonly scrollTop: number },
  scrollTop: number,
): number {
  if (!scale.isScaled) return clamp(scale, scrollTop)
  const step = scrollTop - before.scrollTop
  const last = scale.height - scale.viewport
  if (scrollTop <= 0) return 0
  if (scrollTop >= last - 1) return scale.end
  if (Math.abs(step) <= scale.viewport) return clamp(scale, before.offset + step)
  return clamp(scale, (scrollTop / last) * scale.end)
}

/** An offset that exists. */
export function clamp(scale: ScrollScale, offset: number): number {
  return Math.min(scale.end, Math.max(0, offset))
}

/** The offset that brings a row into sight: unchanged when it is, otherwise with a third of the window before it. */
export function offsetToShow(scale: ScrollScale, offset: number, row: number): number {
  const top = row * rowHeight
  if (top >= offset && top + rowHeight <= offset + scale.viewport) return offset
  return clamp(scale, top - scale.viewport / 3)
}

/** First and last row in sight. */
export function rowsInSight(
  scale: ScrollScale,
  offset: number,
  rows: number,
): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.floor(offset / rowHeight))
  const last = Math.min(rows - 1, Math.ceil((offset + scale.viewport) / rowHeight))
  return { first, last }
}
