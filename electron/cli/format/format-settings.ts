import { isDeepStrictEqual } from 'node:util'
import { toOneLine } from '../../../shared/text/plain-words.ts'
import type { Setting } from '../../config/list-settings.ts'
import { formatTable } from './format-table.ts'

/** What a protocol sets, in words; what only repeats a default says so. */
export function formatWritten(settings: readonly Setting[], defaults: readonly Setting[]): string {
  if (settings.length === 0) return '  it sets nothing: every default applies\n'
  return settings
    .map(setting => {
      const usual = defaults.find(one => one.path === setting.path)
      const note =
        usual === undefined
          ? ''
          : isDeepStrictEqual(usual.value, setting.value)
            ? ' (as by default)'
            : ` (by default ${show(usual.value)})`
      const words = setting.words === null ? '' : `\n    ${setting.words}`
      return `  ${setting.path}: ${show(setting.value)}${note}${words}\n`
    })
    .join('')
}

/** The policy in force: path, value and where it comes from. */
export function formatEffective(settings: readonly Setting[]): string {
  return formatTable(
    ['setting', 'value', 'from'],
    settings.map(({ path, value, from }) => [
      path,
      show(value),
      from === null ? 'default' : `${from.file}:${from.line}`,
    ]),
  )
}

/** A value on one line; a long list is cut. */
function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const line = toOneLine(text)
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`
}
