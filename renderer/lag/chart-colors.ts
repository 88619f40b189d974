/** Colours of a chart as the browser works them out; a canvas knows no tokens. */
export interface ChartColors {
  readonly text: string
  readonly quiet: string
  readonly line: string
  readonly neutral: string
  readonly active: string
  readonly attn: string
  readonly font: string
}

const tokens = {
  text: '--text',
  quiet: '--text-quiet',
  line: '--line',
  neutral: '--line-strong',
  active: '--active',
  attn: '--attn',
} as const

/** Reads the tokens as they are at this element, in the theme of this moment. */
export function readChartColors(element: HTMLElement): ChartColors {
  const probe = document.createElement('span')
  element.append(probe)
  const read = (token: string): string => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
  const colors = {
    text: read(tokens.text),
    quiet: read(tokens.quiet),
    line: read(tokens.line),
    neutral: read(tokens.neutral),
    active: read(tokens.active),
    attn: read(tokens.attn),
    font: getComputedStyle(element).fontFamily,
  }
  probe.remove()
  return colors
}

/** Calls whenever the theme may have changed. */
export function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const media = matchMedia('(prefers-color-scheme: dark)')
  media.addEventListener('change', listener)
  return () => {
    observer.disconnect()
    media.removeEventListener('change', listener)
  }
}
