import type { LogLevel, LogSource } from '../../shared/run/event-spec.ts'
import { type RunEventType, type RunFact, specOf } from '../../shared/run/run-event.ts'

/** How bad a line is. */
export function levelOf(fact: RunFact): LogLevel {
  const { level } = specOf(fact)
  return typeof level === 'function' ? level(fact) : level
}

/** Who speaks in a line. */
export function sourceOf(fact: { readonly type: RunEventType }): LogSource {
  return specOf(fact).source
}

/** Says whether an event is the failure of a gate, a tenant or a check, and not what follows from one. */
export function isFailureItself(fact: RunFact): boolean {
  const { isCause } = specOf(fact)
  return (typeof isCause === 'function' ? isCause(fact) : isCause === true) && levelOf(fact) === 'error'
}
