import type { HookAsker, PhaseHooks } from '../context/phase-hooks.ts'
import type { HooksAround } from '../phases/phase.ts'

interface Asked extends HookAsker {
  readonly hooks: PhaseHooks
  readonly signal: AbortSignal
}

/** For a phase that a run passes once, before anything is migrated: hooks before it, and after it. */
export const onceAround: HooksAround<Asked> = {
  before: (run, place) => run.hooks.ask(run, place, run.signal),
  after: (run, place) => run.hooks.ask(run, place, run.signal),
}

/** For a phase that undoes, proves or settles: nobody is asked whether that may be done. */
export const noHooksAround: HooksAround<unknown> = {}
