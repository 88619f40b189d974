import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import { allowsRun } from '../../../shared/plan/verdict.ts'
import type { HookKind } from '../../../shared/run/phase.ts'
import { environmentOf } from '../../config/environment-of.ts'
import type { HookFacts } from '../../config/hook-facts.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { HookSettings } from '../../settings/policy.ts'
import type { HookAsker, HookPlace, PhaseHooks } from '../context/phase-hooks.ts'
import { askHook, type HookOf } from './ask-hook.ts'
import {
  addEvent,
  countStatements,
  emptyHookInput,
  type HookInput,
  listHookTenants,
  toHookFailure,
} from './hook-input.ts'
import { type HookRound, listRounds } from './list-rounds.ts'

/** At the same time, for one hook that is asked per tenant or group. */
const atOnce = 4

/** Makes the hooks of a run from its configuration. */
export function createPhaseHooks(config: ProjectConfig, asked: readonly string[]): PhaseHooks {
  const hooks = listHooks(config.hooks)
  let known = emptyHookInput
  return {
    onEvent(event) {
      known = addEvent(known, event)
    },
    async ask(asker, place, signal, failure = null) {
      const now = known
      try {
        for (const hook of hooks) {
          const rounds = listRounds(hook.settings, place, now, asked)
          const tell = (round: HookRound): HookFacts =>
            tellFacts(config, asker, hook, { place, round, known: now, failure })
          if (!(await askRounds(asker, hook, place, { rounds, tell, known: now }, signal)))
            return {
              kind: 'hook_stopped',
              hook: hook.settings.name,
              moment: place.moment,
              phase: place.phase,
            }
        }
        return null
      } catch (error) {
        return toFailure(error)
      }
    },
  }
}

/** In the order in which they are asked: as they stand in the configuration, executables first. */
function listHooks({ executables, http, sql }: HookSettings): readonly HookOf[] {
  return [
    ...executables.map(settings => ({ kind: 'executable' as const, settings })),
    ...http.map(settings => ({ kind: 'http' as const, settings })),
    ...sql.map(settings => ({ kind: 'sql' as const, settings })),
  ]
}

interface Rounds {
  readonly rounds: readonly HookRound[]
  readonly tell: (round: HookRound) => HookFacts
  readonly known: HookInput
}

/** Asks one hook all its rounds, and records the answers in the order of the plan; false when one stops the run. */
async function askRounds(
  { recorder, ports, clock }: HookAsker,
  hook: HookOf,
  place: HookPlace,
  { rounds, tell, known }: Rounds,
  signal: AbortSignal,
): Promise<boolean> {
  const judged = await mapConcurrently(rounds, atOnce, async round => {
    const startedAt = clock.monotonicMs()
    const answer = await askHook(hook, { round, facts: tell(round), tenants: known.tenants }, ports, signal)
    return { round, answer, durationMs: Math.round(clock.monotonicMs() - startedAt) }
  })
  const kind: HookKind = hook.kind
  for (const { round, answer, durationMs } of judged) {
    await recorder.record({
      type: 'hook.judged',
      hook: hook.settings.name,
      kind,
      moment: place.moment,
      phase: place.phase,
      group: round.group,
      tenant: round.tenant,
      answer,
      volatile: { durationMs },
    })
  }
  return judged.every(({ answer }) => allowsRun(answer.verdict))
}

function tellFacts(
  config: ProjectConfig,
  { recorder }: HookAsker,
  { settings }: HookOf,
  at: {
    readonly place: HookPlace
    readonly round: HookRound
    readonly known: HookInput
    readonly failure: Failure | null
  },
): HookFacts {
  const { name, protection } = environmentOf(config)
  const { plan, committed } = at.known
  return {
    v: 1,
    hook: settings.name,
    runId: recorder.runId,
    project: config.project,
    environment: { name, protection },
    moment: at.place.moment,
    phase: at.place.phase,
    per: settings.per,
    group: at.round.group,
    tenants: [...at.round.members],
    planId: plan?.planId ?? null,
    statements: plan === null ? null : countStatements(plan),
    committed: listHookTenants(at.known, []).flatMap(({ tenant }) =>
      committed.includes(tenant) ? [tenant] : [],
    ),
    failure: toHookFailure(at.failure),
  }
}
