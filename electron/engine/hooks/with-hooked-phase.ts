import { LockstepError } from '../../../shared/failure/failure.ts'
import type { PhaseName } from '../../../shared/run/phase.ts'
import type { HookAsker, PhaseHooks } from '../context/phase-hooks.ts'
import { type PhaseEnd, withPhase } from '../context/with-phase.ts'

/** A phase before anything is migrated, with the hooks before it, and after it where it succeeded; one that stops the run is thrown. */
export async function withHookedPhase<T>(
  context: HookAsker & { readonly hooks: PhaseHooks; readonly signal: AbortSignal },
  phase: PhaseName,
  work: () => Promise<PhaseEnd<T>>,
): Promise<T> {
  const ask = async (moment: 'before' | 'after'): Promise<void> => {
    const failure = await context.hooks.ask(context, { moment, phase, group: null }, context.signal)
    if (failure) throw new LockstepError(failure)
  }
  await ask('before')
  const { status, value } = await withPhase(context, phase, null, async () => {
    const end = await work()
    return { ...end, value: end }
  })
  if (status === 'success') await ask('after')
  return value
}
