import { describeVerdict, type GateAnswer } from '../plan/verdict.ts'
import { formatDuration } from '../text/plain-words.ts'
import { readVolatileNumber, readVolatileText, type Volatile } from '../text/volatile.ts'

/** What was answered, with what was measured and what is allowed. */
export function describeAnswer(answer: GateAnswer): string {
  const measured = answer.value ? `: ${answer.value}` : ''
  const threshold = answer.threshold ? ` (limit: ${answer.threshold})` : ''
  return `${describeVerdict(answer.verdict)}${measured}${threshold}`
}

/** Which group, where it is about one. */
export function ofGroup(group: string | null): string {
  return group === null ? '' : ` of group ${group}`
}

/** How long it took, where that is known. */
export function lasting({ volatile }: { readonly volatile: Volatile<'durationMs'> }): string {
  const duration = readVolatileNumber(volatile, 'durationMs')
  return duration === null ? '' : ` (${formatDuration(duration)})`
}

/** Which person, where that is known. */
export function byWhom({ volatile }: { readonly volatile: Volatile<'by'> }): string {
  const name = readVolatileText(volatile, 'by')
  return name === null ? '' : ` by ${name}`
}
