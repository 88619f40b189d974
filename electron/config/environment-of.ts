import type { Environment } from '../../shared/plan/environment.ts'
import type { ProjectConfig, ServerConfig } from './project-config.ts'

/** The place that a project moves: what its file says, or what its servers' addresses say. */
export function environmentOf({
  project,
  environment,
  servers,
}: Pick<ProjectConfig, 'project' | 'environment' | 'servers'>): Environment {
  const name = environment?.name ?? project
  if (environment?.protection)
    return { name, protection: environment.protection, why: 'lockstep.yml says so' }
  if (environment && /(^|[^a-z])(prod|production|live)([^a-z]|$)/i.test(environment.name))
    return { name, protection: 'production', why: 'its name says production' }
  return servers.every(isOfThisMachine)
    ? { name, protection: 'local', why: 'every server is of this machine' }
    : { name, protection: 'shared', why: 'a server is of another machine' }
}

/** A service is of the Docker engine that this machine talks to, as a rule its own. */
function isOfThisMachine({ host, service }: ServerConfig): boolean {
  if (host === undefined) return service !== undefined
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('/')
}
