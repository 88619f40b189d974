import type { ContainerFacts } from '../../../shared/docker-container.ts'
import { LockstepError } from '../../../shared/failure.ts'

/** The name under which one container knows another: what stays valid in a project's own network. */
export function innerAddress(
  from: ContainerFacts,
  to: { readonly container: ContainerFacts; readonly service: string; readonly port: number },
): { readonly host: string; readonly port: number } {
  const { container, service, port } = to
  if (from.networkMode === `container:${container.id}` || from.networkMode === 'host')
    return { host: '127.0.0.1', port }
  for (const network of from.networks) {
    const shared = container.networks.find(one => one.name === network.name)
    if (!shared) continue
    const name = shared.aliases.includes(service) ? service : (shared.aliases[0] ?? container.name)
    return { host: name, port }
  }
  throw new LockstepError({
    kind: 'usage',
    problem: `service ${from.compose?.service ?? from.name} and service ${service} share no network`,
    fix: 'give both a common network in the Compose file, or run Alembic from this machine',
  })
}
