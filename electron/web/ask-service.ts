import type { InputOf, OutputOf, Reply, RequestName } from '../../shared/api/engine-api.ts'
import type { ServiceClient } from '../host/service/service.ts'

/** Asks the service as a screen would, with the types of the contract: the service itself keeps to them. */
export async function askService<Name extends RequestName>(
  client: ServiceClient,
  name: Name,
  input: InputOf<Name>,
): Promise<Reply<OutputOf<Name>>> {
  return (await client.request(name, input)) as Reply<OutputOf<Name>>
}
