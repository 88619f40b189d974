import { LockstepError } from '../../../shared/failure/failure.ts'
import type { ContainerFacts } from '../../../shared/server/docker-container.ts'

/** The name under which one container knows another: what stays valid in a project's own network. */
export function innerAddress(
  from: ContainerFacts,
  to: { readonly container: ContainerFacts; readonly service: string | null; readonly port: number },
): { readonly host: string; readonly port: number } {
  const { container, service, port } = to
  const areBothHost = from.networkMode === 'host' && container.networkMode === 'host'
  if (areBothHost || from.networkMode === `container:${container.id}`) return { host: '127.0.0.1', port }
  for (const network of from.networks) {
    const shared = container.networks.find(one => one.name === network.name)
    if (!shared) continue
    const hasName = service !== null && shared.aliases.includes(service)
    return { host: hasName ? service : container.name, port }
  }
  throw new LockstepError({
    kind: 'usage',
    problem: `service ${from.compose?.service ?? from.name} and service ${container.compose?.service ?? container.name} share no network`,
    fix: 'give both a common network in the Compose file, or run Alembic from this machine',
  })
}
