import pc from 'picocolors'
import type { ObjectDifference, SchemaClass } from '../../../shared/analysis/schema-class.ts'
import { countOf, formatHeads, listNames, toOneLine } from '../../../shared/text/plain-words.ts'
import { signOf } from '../../catalog/diff-catalog.ts'

const objectsInPlan = 3
const objectsInFull = 40
const longestDefinition = 160
const keptBefore = 40

/** Which tenants do not look like the others, in a line each; nothing where all look alike. */
export function formatOutliers(classes: readonly SchemaClass[]): string {
  const outliers = classes.filter(one => !one.isMain)
  if (outliers.length === 0) return ''
  const lines = outliers.map(one => {
    const shown = one.differences.slice(0, objectsInPlan).map(nameDifference)
    const rest = one.differences.length - shown.length
    const objects = shown.length === 0 ? '' : `: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
    return `  ${pc.yellow(listNames(one.tenants))}  ${describeOutlier(one)}${objects}\n`
  })
  return `\n${pc.bold('Schemas')}  ${countClasses(classes)}\n${lines.join('')}  see how: lockstep drift\n`
}

/** Every class, and object by object how the outliers differ: what is expected, and what is found. */
export function formatClasses(classes: readonly SchemaClass[]): string {
  return [`${countClasses(classes)}\n`, ...classes.map(formatClass)].join('')
}

function formatClass(one: SchemaClass): string {
  const names = `${countOf(one.tenants.length, 'tenant')} (${listNames(one.tenants, 12)})`
  const title = one.isMain
    ? `\nat ${pc.bold(formatHeads(one.heads))}  ${names} ${one.tenants.length === 1 ? 'has a schema of its own' : 'have the same schema'}\n`
    : `\n  ${pc.yellow(names)} ${describeOutlier(one)}\n`
  if (one.isMain) return title
  if (one.differences.length === 0) return `${title}    not compared object by object\n`
  const shown = one.differences.slice(0, objectsInFull)
  const rest = one.differences.length - shown.length
  return [
    title,
    ...shown.map(formatDifference),
    rest > 0 ? `    and ${rest} more: lockstep drift --json\n` : '',
  ].join('')
}

function describeOutlier({ tenants, heads }: SchemaClass): string {
  return `${tenants.length === 1 ? 'differs' : 'differ'} from the others at ${formatHeads(heads)}`
}

function countClasses(classes: readonly SchemaClass[]): string {
  const revisions = classes.filter(one => one.isMain).length
  const tenants = classes.flatMap(one => one.tenants).length
  return `${countOf(tenants, 'tenant')} in ${countOf(classes.length, 'class', 'classes')} of schemas at ${countOf(revisions, 'revision')}`
}

function nameDifference({ change, kind, object }: ObjectDifference): string {
  return `${signOf(change)} ${kind} ${toOneLine(object)}`
}

function formatDifference(difference: ObjectDifference): string {
  const expected = difference.expected === null ? null : toOneLine(difference.expected)
  const found = difference.found === null ? null : toOneLine(difference.found)
  const from = expected !== null && found !== null ? firstDifference(expected, found) : 0
  const line = (word: string, text: string | null): string =>
    text === null || text === '' ? '' : `        ${pc.dim(word)}  ${cutText(text, from)}\n`
  return `    ${nameDifference(difference)}\n${line('expected', expected)}${line('found   ', found)}`
}

/** The part of a long definition where two of them begin to differ. */
function cutText(text: string, from: number): string {
  if (text.length <= longestDefinition) return text
  const start = Math.max(0, from - keptBefore)
  const part = text.slice(start, start + longestDefinition)
  return `${start > 0 ? '… ' : ''}${part}${start + part.length < text.length ? ' …' : ''}`
}

function firstDifference(a: string, b: string): number {
  let index = 0
  while (index < a.length && a[index] === b[index]) index += 1
  return index
}
