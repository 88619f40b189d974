import type { ChangingRequest, InputOf } from '../../../../shared/api/engine-api.ts'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import { guardRequest } from '../../../engine/approval/guard-request.ts'
import type { ServiceContext } from '../context/service-context.ts'
import { readGuardFacts } from './read-guard-facts.ts'

/** Refuses, with the facts as they are now, what may not be done; the same for every client. */
export async function guardInput<Name extends ChangingRequest>(
  context: ServiceContext,
  name: Name,
  input: InputOf<Name>,
): Promise<void> {
  const about = {
    ...('planId' in input ? { planId: input.planId } : {}),
    ...('runId' in input ? { runId: input.runId } : {}),
  }
  const refusal = guardRequest(name, input, await readGuardFacts(context, about))
  if (refusal) throw new LockstepError(refusal)
}
