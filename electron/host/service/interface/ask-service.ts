import type { InputOf, OutputOf, Reply, RequestName } from '../../../../shared/api/engine-api.ts'
import { toFailure } from '../../../../shared/failure/failure.ts'
import type { ServiceClient } from './service.ts'

/** Asks the engine with the types of the contract, to which the engine itself keeps. */
export async function askService<Name extends RequestName>(
  client: ServiceClient,
  name: Name,
  input: InputOf<Name>,
): Promise<Reply<OutputOf<Name>>> {
  try {
    return (await client.request(name, input)) as Reply<OutputOf<Name>>
  } catch (error) {
    return { ok: false, failure: toFailure(error) }
  }
}
