import type { InputOf, RequestName } from '../../../../shared/api/engine-api.ts'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import { guardRequest } from '../../../engine/approval/guard-request.ts'
import type { ServiceContext } from '../context/service-context.ts'
import { isChanging } from '../interface/request-risks.ts'
import { readGuardFacts } from './read-guard-facts.ts'

/** Refuses, with the facts as they are now, what would change something and may not be done; the same for every client. */
export async function guardInput<Name extends RequestName>(
  context: ServiceContext,
  name: Name,
  input: InputOf<Name>,
): Promise<void> {
  if (!isChanging(name)) return
  const about = {
    ...('planId' in input ? { planId: input.planId } : {}),
    ...('runId' in input ? { runId: input.runId } : {}),
  }
  const refusal = guardRequest(name, input, await readGuardFacts(context, about))
  if (refusal) throw new LockstepError(refusal)
}
