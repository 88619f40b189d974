import { allowsRun, type GateAnswer } from '../plan/verdict.ts'
import { changeItem } from '../text/change-item.ts'
import { readVolatileNumber, type Volatile } from '../text/volatile.ts'
import { describeAnswer, ofGroup } from './event-phrases.ts'
import { aboutGate, aboutRun, defineEvent, type LogLevel } from './event-spec.ts'
import type { HookKind, PhaseName } from './phase.ts'
import type { GateState } from './run-state.ts'

/** What gates, smoke tests and a team's hooks answered. */
export const gateEvents = {
  'gate.started': defineEvent<{ gate: string }>({
    source: 'gate',
    level: 'info',
    visibility: 'verbose',
    subject: aboutGate,
    words: ({ gate }) => `gate ${gate} is being judged`,
    fold: (state, { gate }) => ({
      ...state,
      gates: changeGate(state.gates, {
        gate,
        momentary: false,
        answer: null,
        durationMs: null,
        judgedAt: null,
      }),
    }),
  }),

  /** `momentary` gates measure an instant: their value and evidence may differ between two identical runs. */
  'gate.judged': defineEvent<{
    gate: string
    momentary: boolean
    answer: GateAnswer
    volatile: Volatile<'durationMs'>
  }>({
    source: 'gate',
    level: levelOfAnswer,
    isCause: true,
    visibility: 'always',
    subject: aboutGate,
    words: ({ gate, answer }) => `gate ${gate} ${describeAnswer(answer)}`,
    // The last answer counts.
    fold: (state, { gate, momentary, answer, volatile, at }) => ({
      ...state,
      gates: changeGate(state.gates, {
        gate,
        momentary,
        answer,
        durationMs: readVolatileNumber(volatile, 'durationMs'),
        judgedAt: at,
      }),
    }),
  }),

  'smoke.judged': defineEvent<{
    test: string
    group: string
    momentary: boolean
    answer: GateAnswer
    volatile: Volatile<'durationMs'>
  }>({
    source: 'gate',
    level: levelOfAnswer,
    isCause: true,
    visibility: 'always',
    subject: ({ test }) => ({ of: 'smoke test', name: test }),
    words: ({ test, group, answer }) => `smoke test ${test} of group ${group} ${describeAnswer(answer)}`,
    fold: (state, { test, group, momentary, answer, volatile }) => ({
      ...state,
      smokeTests: changeItem(
        state.smokeTests,
        one => one.test === test && one.group === group,
        () => ({
          test,
          group,
          momentary,
          answer,
          durationMs: readVolatileNumber(volatile, 'durationMs'),
        }),
      ),
    }),
  }),

  /** What a hook of the team answered at its moment; `group` and `tenant` are null where it was asked about no single one. */
  'hook.judged': defineEvent<{
    hook: string
    kind: HookKind
    moment: 'before' | 'after'
    phase: PhaseName
    group: string | null
    tenant: string | null
    answer: GateAnswer
    volatile: Volatile<'durationMs'>
  }>({
    source: 'gate',
    level: levelOfAnswer,
    isCause: true,
    visibility: 'always',
    subject: aboutRun,
    words: ({ hook, moment, phase, group, tenant, answer }) =>
      `hook ${hook} ${moment} ${phase.replaceAll('_', ' ')}${ofGroup(group)}${tenant === null ? '' : ` for tenant ${tenant}`} ${describeAnswer(answer)}`,
    // Each answer is one of its own.
    fold: (state, { hook, kind, moment, phase, group, tenant, answer, volatile }) => {
      const durationMs = readVolatileNumber(volatile, 'durationMs')
      const judged = { hook, kind, moment, phase, group, tenant, answer, durationMs }
      return { ...state, hooks: [...state.hooks, judged] }
    },
  }),
}

function changeGate(gates: readonly GateState[], next: GateState): readonly GateState[] {
  return changeItem(
    gates,
    one => one.gate === next.gate,
    () => next,
  )
}

function levelOfAnswer({ answer: { verdict } }: { readonly answer: GateAnswer }): LogLevel {
  if (!allowsRun(verdict)) return 'error'
  return verdict === 'warned' || verdict === 'waived' ? 'warning' : 'info'
}
