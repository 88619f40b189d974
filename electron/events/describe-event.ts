import { type RunFact, specOf } from '../../shared/run/run-event.ts'
import { toOneLine } from '../../shared/text/plain-words.ts'

/** Says in one line of plain text what happened. */
export function describeEvent(fact: RunFact): string {
  return toOneLine(specOf(fact).words(fact))
}
