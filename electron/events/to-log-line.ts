import type { LogLine } from '../../shared/api/log-line.ts'
import type { PhaseName } from '../../shared/run/phase.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { shortenText, toOneLine } from '../../shared/text/plain-words.ts'
import { describeEvent } from './describe-event.ts'
import { levelOf, sourceOf } from './place-in-log.ts'

/** So much of a statement is in the words for its event. */
const shownLength = 120

/** What a line owes to the lines before it. */
export interface LineContext {
  /** The phase that emitted it. */
  readonly phase: PhaseName | null
  readonly group: string | null
  /** 1 for a tenant's first attempt; null where there is none. */
  readonly attempt: number | null
}

/** The line of an event, given what the lines before it say. */
export function toLogLine(event: RunEvent, context: LineContext): LogLine {
  return {
    line: event.seq,
    at: event.at,
    level: levelOf(event),
    source: sourceOf(event),
    phase: context.phase,
    group: context.group,
    tenant: tenantOf(event),
    gate: gateOf(event),
    attempt: context.attempt,
    type: event.type,
    text: textOf(event),
  }
}

/** The tenant that an event is about; null where it is about none or several. */
export function tenantOf(event: RunEvent): string | null {
  return 'tenant' in event ? event.tenant : null
}

/** The gate, the smoke test or the hook that an event is about. */
export function gateOf(event: RunEvent): string | null {
  if ('test' in event) return event.test
  if ('hook' in event) return event.hook
  return 'gate' in event ? event.gate : null
}

/** What a line says. A statement is shown whole: a search for a table should find it. */
export function textOf(event: RunEvent): string {
  if (event.type !== 'statement.executed') return describeEvent(event)
  const whole = toOneLine(event.sql)
  const described = describeEvent(event)
  const shortened = shortenText(whole, shownLength)
  return shortened === whole ? described : described.replace(shortened, () => whole)
}

/** Turns the events of one run into lines, one after another; it remembers what each line owes to those before it. */
export function createLineMaker(): (event: RunEvent) => LogLine {
  const follow = createContextKeeper()
  return event => toLogLine(event, follow(event))
}

/** Follows phases, groups and attempts through the events of one run. */
export function createContextKeeper(): (event: RunEvent) => LineContext {
  let open: readonly { readonly phase: PhaseName; readonly group: string | null }[] = []
  const attempts = new Map<string, number>()
  return event => {
    if (endsPhases(event)) open = []
    if (event.type === 'phase.started') open = [...open, { phase: event.phase, group: event.group }]
    const tenant = tenantOf(event)
    if (event.type === 'tenant.started') attempts.set(event.tenant, (attempts.get(event.tenant) ?? 0) + 1)
    const current = event.type === 'phase.finished' ? event : open.at(-1)
    const context: LineContext = {
      // A hook stands beside its phase, not within it.
      phase: event.type === 'hook.judged' ? event.phase : (current?.phase ?? null),
      group: 'group' in event ? event.group : (current?.group ?? null),
      attempt: tenant === null ? null : (attempts.get(tenant) ?? null),
    }
    if (event.type === 'phase.finished') {
      const { phase, group } = event
      open = open.filter(one => one.phase !== phase || one.group !== group)
    }
    return context
  }
}

/** Locks are taken between phases: the process that takes them again recovers, and what was open has gone with the first process. */
function endsPhases(event: RunEvent): boolean {
  return event.type === 'lock.acquired' || event.type === 'recovery.started' || event.type === 'run.finished'
}
