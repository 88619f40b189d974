import type { Explanation } from '../../app/explain/list-explanations.ts'
import { formatEffective } from './format-settings.ts'
import { formatTable } from './format-table.ts'

/** All that can be explained, kind by kind. */
export function formatExplanations(all: readonly Explanation[]): string {
  const kinds = [...new Set(all.map(one => one.kind))]
  return kinds
    .map(kind => {
      const rows = all.filter(one => one.kind === kind).map(({ name, title }) => [`  ${name}`, title])
      return formatTable([`${kind}s:`, ''], rows)
    })
    .join('\n')
}

/** One thing in full. */
export function formatExplanation(one: Explanation): string {
  const part = (title: string, text: string): string =>
    text === '' ? '' : `\n${title}\n${indent(text.trimEnd())}\n`
  return [
    `${one.kind} ${one.name}: ${one.title}\n`,
    part(one.kind === 'phase' ? 'what the protocol says' : 'why', one.why),
    one.settings.length === 0 ? '' : part('settings in force', formatEffective(one.settings)),
    part('what to do', one.remedy),
    one.example ? part('stopped', one.example.bad) + part('lets through', one.example.good) : '',
    part('to accept it all the same', one.waive),
  ].join('')
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => (line === '' ? '' : `  ${line}`))
    .join('\n')
}
