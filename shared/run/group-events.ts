import { describeFailure } from '../failure/describe-failure.ts'
import type { Failure } from '../failure/failure.ts'
import type { GroupMode } from '../plan/plan.ts'
import { countOf, formatDuration } from '../text/plain-words.ts'
import { readVolatileNumber, type Volatile } from '../text/volatile.ts'
import { changeGroup } from './change-group.ts'
import { aboutRun, defineEvent } from './event-spec.ts'
import type { GroupResult } from './outcome.ts'

/** What happens to a group as a whole. */
export const groupEvents = {
  'group.started': defineEvent<{
    group: string
    mode: GroupMode
    tenants: readonly string[]
    volatile: Volatile
  }>({
    source: 'engine',
    level: 'info',
    visibility: 'always',
    subject: aboutRun,
    words: ({ group, mode, tenants }) =>
      `group ${group} started: ${countOf(tenants.length, 'tenant')}, ${mode}`,
    fold: (state, { group, mode, tenants }) =>
      changeGroup(state, group, known => ({ ...known, started: true, mode, tenants })),
  }),

  /** The decision record: on disk before the first `commit prepared` is sent. */
  'group.decided': defineEvent<{
    group: string
    decision: 'commit' | 'rollback'
    failure: Failure | null
  }>({
    source: 'engine',
    level: ({ decision }) => (decision === 'rollback' ? 'warning' : 'info'),
    visibility: 'always',
    subject: aboutRun,
    words: ({ group, decision, failure }) =>
      decision === 'commit'
        ? `group ${group} decided to commit`
        : `group ${group} decided to roll back${failure ? `: ${describeFailure(failure).what}` : ''}`,
    fold: (state, { group, decision, failure }) =>
      changeGroup(state, group, known => ({ ...known, decision, failure })),
  }),

  'group.finished': defineEvent<{ group: string; result: GroupResult; volatile: Volatile<'windowMs'> }>({
    source: 'engine',
    level: ({ result }) => (result === 'unsettled' || result === 'partial' ? 'error' : 'info'),
    visibility: 'always',
    subject: aboutRun,
    words: ({ group, result, volatile }) => {
      const held = readVolatileNumber(volatile, 'windowMs')
      return `group ${group} ${result.replaceAll('_', ' ')}${held === null ? '' : `, votes held for ${formatDuration(held)}`}`
    },
    fold: (state, { group, result, volatile }) =>
      changeGroup(state, group, known => ({
        ...known,
        result,
        windowMs: readVolatileNumber(volatile, 'windowMs'),
      })),
  }),
}
