import type { SecretServer, SecretState } from '../../../../shared/api/secret-state.ts'
import { type Failure, LockstepError } from '../../../../shared/failure/failure.ts'
import type { ServerConfig } from '../../../config/project-config.ts'
import type { Project } from '../../settings/load-project.ts'
import { accountOf } from '../../settings/remembered-passwords.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'
import type { SecretAvailability } from '../interface/secret-storage.ts'

/** Passwords that are remembered; they come in, and never go out. */
export function handleSecret({
  session,
  secrets,
  fleet,
  surveys,
  announce,
}: ServiceContext): HandlersOf<'secret'> {
  const readAvailability = async (): Promise<SecretAvailability> =>
    session.isDemo ? ofSandbox : await secrets.state()
  const view = async (): Promise<SecretState> => {
    const { config } = await session.refresh()
    return {
      ...(await readAvailability()),
      servers: config.servers.map(describeServer),
      remembered: config.servers
        .filter(server => session.remembered.get(server.name)?.account === accountOf(server))
        .map(server => ({ server: server.name, user: describeServer(server).user })),
    }
  }
  const takeEffect = async (): Promise<SecretState> => {
    await session.recallPasswords()
    fleet.forget()
    surveys.forget()
    announce({ type: 'topology.changed' })
    return view()
  }
  return {
    'secret.state': view,
    'secret.write': async ({ server, password }) => {
      const project = await session.refresh()
      const declared = findServer(project, server)
      const { storage, why } = await readAvailability()
      if (storage === 'unavailable') throw new LockstepError(notPossible(`${capitalize(why)}.`))
      const place = { projectFile: project.file, server, account: accountOf(declared) }
      try {
        await secrets.write(place, password)
      } catch {
        // Whatever it says may hold what it was given.
        throw new LockstepError(notPossible('The password manager of this machine did not take it.'))
      }
      return takeEffect()
    },
    'secret.forget': async ({ server }) => {
      const { file } = await session.refresh()
      await secrets.forget(file, server)
      return takeEffect()
    },
  }
}

const ofSandbox: SecretAvailability = {
  storage: 'unavailable',
  why: 'the sandbox has the passwords of its servers in a file of its own',
}

function describeServer({ name, user, service, password }: ServerConfig): SecretServer {
  const found = service === undefined ? 'postgres' : null
  return { server: name, user: user ?? found, isConfigured: password !== undefined }
}

function findServer({ config }: Project, name: string): ServerConfig {
  const server = config.servers.find(one => one.name === name)
  if (!server) throw new LockstepError(notPossible(`The project has no server ${name}.`))
  return server
}

function notPossible(reason: string): Failure {
  return { kind: 'not_possible', action: 'remember a password', reason }
}

function capitalize(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
